//! The unusual configs of this crate.

use cvtplugin::PluginConfig;
use cvtplugin_config_tests::hostile::Hostile;
use cvtplugin_config_tests::shapes::{
    Aliases, Apart, ByMacro, Empty, Names, OfItself, in_a_function,
};

use crate::support::{config, failure};

#[test]
fn struct_without_keys() {
    assert!(Empty::KEYS.is_empty());
    assert!(config::<Empty>(&[("a", "b")]).is_ok());
}

#[test]
fn types_behind_aliases() {
    let flags = Aliases::KEYS
        .iter()
        .map(|key| (key.is_required(), key.is_secret()));
    let flags: Vec<_> = flags.collect();
    assert_eq!(flags, [(false, false), (true, true), (false, true)]);
    let aliases: Aliases = config(&[("secret", "s"), ("lists", "a,b")]).expect("they fit");
    assert_eq!(aliases.maybe, None);
    assert_eq!(aliases.lists.map(|lists| lists.len()), Some(2));
}

#[test]
fn keys_of_any_name() {
    let values = [
        ("type", "t"),
        ("base-url.v2", "b"),
        ("values", "v"),
        ("reader", "r"),
    ];
    let names: Names = config(&values).expect("they fit");
    let all = [names.r#type, names.base_url, names.values, names.reader];
    let expected = ["t", "b", "v", "r"].map(|text| Some(text.to_owned()));
    assert_eq!(all, expected);
}

#[test]
fn attributes_of_one_field_apart() {
    let apart: Apart = config(&[("directory", "/tmp")]).expect("they fit");
    assert_eq!(apart.timeout.as_secs(), 90);
    assert_eq!(Apart::KEYS[0].name(), "wait");
}

#[test]
fn attributes_that_name_the_struct_itself() {
    let of_itself: OfItself = config(&[]).expect("all have defaults");
    assert_eq!((of_itself.retries, of_itself.share), (3, 5));
    assert_eq!(of_itself.directory, std::path::Path::new("/tmp"));
    let message = failure::<OfItself>(&[("share", "5")]).message().to_owned();
    assert!(message.contains("it is in percent"), "{message}");
}

#[test]
fn struct_in_a_function_or_a_macro() {
    assert_eq!(in_a_function().expect("it has a default"), 7);
    let by_macro: ByMacro = config(&[]).expect("all have defaults");
    assert_eq!(by_macro.number, 3);
    assert_eq!(by_macro.timeout.as_secs(), 1);
    assert_eq!(by_macro.directory, std::path::Path::new("/tmp"));
}

#[test]
fn struct_among_hostile_names() {
    let hostile: Hostile =
        config(&[("list", "a,b"), ("token", "t"), ("other", "2")]).expect("they fit");
    assert_eq!((hostile.number, hostile.constant), (10, 30));
    assert_eq!((hostile.length, hostile.other), (4, Some(2)));
    assert!(
        failure::<Hostile>(&[])
            .message()
            .starts_with("missing 2 required config keys")
    );
}
