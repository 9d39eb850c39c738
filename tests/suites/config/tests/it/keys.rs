//! What a config says about its keys.

use std::time::Duration;

use cvtplugin::ConfigKey;
use cvtplugin::prelude::*;

#[derive(PluginConfig)]
#[allow(dead_code, reason = "only its keys are used")]
struct RestConfig {
    /// Base URL of the registry's API,
    /// without a slash at the end.
    ///
    ///   It is asked often.
    #[config(example = "https://registry.example.com/api/v1")]
    base_url: String,
    /** Sent with every request. */
    token: Option<SecretString>,
    #[config(rename = "time-out", default = "10s")]
    timeout: Duration,
    ports: Option<std::vec::Vec<u16>>,
    #[config(example = 5)]
    r#in: u8,
    signing_key: SecretString,
}

fn key(name: &str) -> &'static ConfigKey {
    let mut keys = RestConfig::KEYS.iter();
    keys.find(|key| key.name() == name)
        .unwrap_or_else(|| panic!("no key {name}"))
}

#[test]
fn keys_are_in_the_order_of_the_fields() {
    let names: Vec<_> = RestConfig::KEYS.iter().map(ConfigKey::name).collect();
    assert_eq!(
        names,
        [
            "base_url",
            "token",
            "time-out",
            "ports",
            "in",
            "signing_key"
        ]
    );
}

#[test]
fn docs_are_descriptions() {
    assert_eq!(
        key("base_url").description(),
        "Base URL of the registry's API,\nwithout a slash at the end.\n\nIt is asked often."
    );
    assert_eq!(key("token").description(), "Sent with every request.");
    assert_eq!(key("time-out").description(), "");
}

#[test]
fn key_is_required_unless_it_may_be_left_out() {
    let required: Vec<_> = RestConfig::KEYS
        .iter()
        .filter(|key| key.is_required())
        .map(ConfigKey::name)
        .collect();
    assert_eq!(required, ["base_url", "in", "signing_key"]);
}

#[test]
fn key_is_secret_by_its_type() {
    let secret: Vec<_> = RestConfig::KEYS
        .iter()
        .filter(|key| key.is_secret())
        .map(ConfigKey::name)
        .collect();
    assert_eq!(secret, ["token", "signing_key"]);
}

#[test]
fn type_is_named_as_written() {
    let types: Vec<_> = RestConfig::KEYS.iter().map(ConfigKey::type_name).collect();
    assert_eq!(
        types,
        [
            "String",
            "SecretString",
            "Duration",
            "std::vec::Vec<u16>",
            "u8",
            "SecretString"
        ]
    );
}

#[test]
fn examples_and_defaults_are_text() {
    let example = Some("https://registry.example.com/api/v1");
    assert_eq!(key("base_url").example(), example);
    assert_eq!(key("in").example(), Some("5"));
    assert_eq!(key("token").example(), None);
    assert_eq!(key("time-out").default_value().as_deref(), Some("10s"));
    assert_eq!(key("base_url").default_value(), None);
}

#[test]
fn debug_of_a_key_shows_no_internals() {
    assert_eq!(
        format!("{:?}", key("time-out")),
        "ConfigKey { name: \"time-out\", type_name: \"Duration\", required: false, secret: false, \
         default: Some(\"10s\"), example: None, .. }"
    );
}
