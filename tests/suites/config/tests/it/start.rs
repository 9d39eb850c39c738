//! What a plugin makes of its config before the first call.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use cvtplugin::prelude::*;
use cvtplugin::testing::{Harness, LaunchError};
use cvtplugin::{ConfigKey, ConfigReceiver, PluginInfo, Server, TypedConfig};
use tracing::Level;

/// By this name, what it takes is checked at the first start.
type Time = std::time::Duration;

#[derive(Default)]
struct Unconfigured;

#[cvt_plugin(name = "unconfigured", main = false)]
impl Unconfigured {
    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}

fn info() -> PluginInfo {
    PluginInfo::new("without-macro", "0.1.0")
}

#[tokio::test]
async fn plugin_without_config_warns_when_it_gets_some() {
    for harness in [
        Harness::server(Server::plugin::<Unconfigured>()),
        Harness::server(Server::new(info())),
    ] {
        let plugin = harness.config("token", "s3cret").start().await;
        let plugin = plugin.expect("it starts");
        let warning = plugin.captured().log(|record| record.level == Level::WARN);
        let warning = warning.await;
        assert_eq!(
            warning.message,
            "unknown config key, ignored: this plugin takes no config"
        );
        assert_eq!(warning.fields["key"], "token");
        // The same key again is not warned about.
        plugin.set_config("token", "s3cret").await.expect("ignored");
        let captured = plugin.captured().clone();
        plugin.shutdown().await;
        let warnings = captured.logs().into_iter();
        assert_eq!(warnings.filter(|it| it.level == Level::WARN).count(), 1);
    }
}

#[derive(Default)]
struct Raw;

#[cvt_plugin(name = "raw", main = false, secrets())]
impl Raw {
    async fn set_config(&self, key: String, _: SecretString) -> Result<()> {
        tracing::info!(key, "taken");
        Ok(())
    }

    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn plugin_with_a_raw_config_is_not_warned() {
    let plugin = Harness::plugin::<Raw>()
        .config("any", "thing")
        .start()
        .await;
    let plugin = plugin.expect("it starts");
    plugin
        .captured()
        .log(|record| record.message == "taken")
        .await;
    let captured = plugin.captured().clone();
    plugin.shutdown().await;
    assert!(
        captured
            .logs()
            .iter()
            .all(|record| record.level != Level::WARN)
    );
}

#[derive(PluginConfig)]
#[allow(dead_code, reason = "only its keys are used")]
struct WrongConfig {
    #[config(default = "30 parsecs")]
    distance: Time,
    #[config(default = "1, 2, three")]
    steps: Option2<Vec<u8>>,
    /// Read when it is needed, and not before.
    #[config(default = "here", parse_with = nowhere)]
    place: String,
    #[config(example = "x")]
    missing: String,
    #[config(example = "soon")]
    wait: Time,
}

/// A list by another name, so that the derive cannot tell what is wrong with its default.
type Option2<T> = T;

fn nowhere(_: &str) -> Result<String> {
    Err(Error::unavailable("there is no such place"))
}

struct Wrong;

#[cvt_plugin(name = "wrong", main = false)]
impl Wrong {
    fn new(_: WrongConfig) -> Self {
        Self
    }

    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn wrong_defaults_and_examples_fail_the_start() {
    let without_macro = Server::new(info());
    let without_macro = without_macro.config_receiver(Arc::new(TypedConfig::<WrongConfig>::new()));
    for server in [Server::plugin::<Wrong>(), without_macro] {
        let error = Harness::server(server)
            .start()
            .await
            .expect_err("it is wrong");
        let LaunchError::Info(error) = error else {
            panic!("{error:?}");
        };
        assert_eq!(error.code(), Code::Internal);
        assert_eq!(
            error.message(),
            "bug in this plugin: invalid default for `distance`: \
             invalid value \"30 parsecs\": expected a duration: unknown time unit \"parsecs\", supported units: \
             ns, us/µs, ms, sec, min, hours, days, weeks, months, years (and few variations); \
             invalid default for `steps`: invalid value \"three\": expected a whole number; \
             invalid example for `wait`: invalid value \"soon\": expected a duration: expected number at 0"
        );
    }
}

#[derive(PluginConfig)]
#[allow(dead_code, reason = "only its keys are used")]
struct PlaceConfig {
    #[config(default = "here", parse_with = nowhere)]
    place: String,
}

struct Place;

#[cvt_plugin(name = "place", main = false)]
impl Place {
    fn new(_: PlaceConfig) -> Self {
        Self
    }

    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn defaults_of_functions_wait_for_the_first_call() {
    let plugin = Harness::plugin::<Place>().start().await;
    let plugin = plugin.expect("it starts");
    let event = ValidationFailedRequest::new("orders", "GET", "/orders");
    let error = plugin.on_validation_failed(event).await;
    assert_eq!(error.expect_err("it is wrong").code(), Code::Internal);
}

/// Counts how often it is asked for its keys.
#[derive(Default)]
struct Asked(AtomicUsize);

impl ConfigReceiver for Asked {
    async fn set_config(&self, _: Context, _: String, _: SecretString) -> Result<()> {
        Ok(())
    }

    fn keys(&self) -> &'static [ConfigKey] {
        self.0.fetch_add(1, Ordering::Relaxed);
        PressConfig::KEYS
    }
}

#[derive(PluginConfig)]
#[allow(dead_code, reason = "only its keys are used")]
struct PressConfig {
    token: Option<SecretString>,
}

#[tokio::test]
async fn receiver_is_asked_for_its_keys_once() {
    let asked = Arc::new(Asked::default());
    let server = Server::new(info()).config_receiver(asked.clone());
    let plugin = Harness::server(server).start().await.expect("it starts");
    for value in ["hunter1", "hunter2"] {
        plugin.set_config("token", value).await.expect("it fits");
    }
    assert_eq!(asked.0.load(Ordering::Relaxed), 1);
}
