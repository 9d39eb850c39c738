//! Keys that the config has not.

use cvtplugin::TypedConfig;
use cvtplugin::prelude::*;

use crate::support::logged;

#[derive(PluginConfig)]
#[allow(dead_code, reason = "only its keys are used")]
struct RestConfig {
    base_url: Option<String>,
    token: Option<SecretString>,
}

fn set(config: &TypedConfig<impl PluginConfig>, key: &str, value: &str) {
    let changed = config.set(key, value).expect("unknown keys are accepted");
    assert!(!changed, "{key}");
}

#[test]
fn unknown_keys_get_one_warning_each() {
    let config = TypedConfig::<RestConfig>::new();
    let log = logged(|| {
        for value in ["a", "b", "", "a"] {
            set(&config, "basic_url", value);
            set(&config, "retries", value);
        }
    });
    assert_eq!(log.lines().count(), 2, "{log}");
    assert!(
        log.lines()
            .all(|line| line.trim_start().starts_with("WARN cvtplugin")),
        "{log}"
    );
    assert!(log.contains("basic_url"), "{log}");
    assert!(log.contains("retries"), "{log}");
}

#[test]
fn typo_gets_a_suggestion() {
    let config = TypedConfig::<RestConfig>::new();
    for (key, meant) in [
        ("base_ulr", "base_url"),
        ("Token", "token"),
        ("baseURL", "base_url"),
    ] {
        let log = logged(|| set(&config, key, "x"));
        let advice = format!("unknown config key, ignored: did you mean `{meant}`?");
        assert!(log.contains(&advice), "{log}");
    }
}

#[test]
fn other_key_gets_a_list() {
    let config = TypedConfig::<RestConfig>::new();
    let log = logged(|| set(&config, "retries", "x"));
    assert!(
        log.contains("this plugin takes `base_url` and `token`"),
        "{log}"
    );
    let log = logged(|| set(&TypedConfig::<()>::new(), "retries", "x"));
    assert!(log.contains("this plugin takes no config"), "{log}");
}

#[test]
fn value_is_not_logged() {
    let config = TypedConfig::<RestConfig>::new();
    let log = logged(|| set(&config, "tokken", "s3cret-value"));
    assert!(log.contains("tokken"), "{log}");
    assert!(!log.contains("s3cret-value"), "{log}");
}

#[test]
fn unknown_key_changes_nothing() {
    let config = TypedConfig::<RestConfig>::new();
    let before = config.get().expect("nothing is required");
    set(&config, "retries", "x");
    let after = config.get().expect("nothing is required");
    assert!(std::sync::Arc::ptr_eq(&before, &after));
}
