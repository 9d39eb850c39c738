//! A config that changes.

use std::sync::Arc;

use cvtplugin::TypedConfig;
use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    #[config(example = "https://registry.example.com")]
    base_url: String,
    #[config(default = 10)]
    timeout: u64,
}

fn configured() -> TypedConfig<RestConfig> {
    let config = TypedConfig::new();
    assert!(config.set("base_url", "a").expect("it fits"));
    config
}

#[test]
fn instance_is_the_same_until_a_value_changes() {
    let config = configured();
    let first = config.get().expect("all is set");
    assert!(Arc::ptr_eq(&first, &config.get().expect("all is set")));

    assert!(!config.set("base_url", "a").expect("it fits"));
    assert!(!config.set("timeout", "").expect("it fits"));
    assert!(Arc::ptr_eq(&first, &config.get().expect("all is set")));

    assert!(config.set("timeout", "20").expect("it fits"));
    let second = config.get().expect("all is set");
    assert_eq!((first.timeout, second.timeout), (10, 20));
}

#[test]
fn missing_key_may_come_later() {
    let config = TypedConfig::<RestConfig>::default();
    let error = config.get().err().expect("there is no base_url");
    assert_eq!(error.code(), Code::FailedPrecondition);
    assert!(config.set("base_url", "a").expect("it fits"));
    assert_eq!(config.get().expect("all is set").base_url, "a");
}

#[test]
fn empty_value_unsets_its_key() {
    let config = configured();
    assert!(config.set("timeout", "20").expect("it fits"));
    assert!(config.set("timeout", "").expect("it fits"));
    assert_eq!(config.get().expect("all is set").timeout, 10);
    assert!(config.set("base_url", "").expect("it fits"));
    assert!(config.get().is_err());
}

#[test]
fn refused_value_leaves_the_old_one() {
    let config = configured();
    assert!(config.set("timeout", "20").expect("it fits"));
    let before = config.get().expect("all is set");
    assert!(config.set("timeout", "soon").is_err());
    assert!(Arc::ptr_eq(&before, &config.get().expect("all is set")));
}
