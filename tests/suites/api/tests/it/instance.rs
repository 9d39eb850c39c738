//! The harness gives a test the plugin's instance, and what was delivered to it.

use std::sync::atomic::{AtomicUsize, Ordering};

use cvtplugin::prelude::*;
use cvtplugin::testing::Harness;

#[derive(PluginConfig)]
struct BellConfig {
    /// What opens the box.
    token: Option<SecretString>,
    /// How often to ring.
    #[config(default = 1)]
    times: usize,
}

struct Bell {
    config: BellConfig,
    rung: AtomicUsize,
}

#[cvt_plugin(name = "bell", version = "0.1.0", main = false)]
impl Bell {
    fn new(config: BellConfig) -> Self {
        Self {
            config,
            rung: AtomicUsize::new(0),
        }
    }

    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        self.rung.fetch_add(self.config.times, Ordering::Relaxed);
        Ok(())
    }
}

#[tokio::test]
async fn instance_is_the_one_that_serves_calls() {
    let bell = Harness::plugin::<Bell>().config("times", "2").start().await;
    let bell = bell.expect("it starts");
    let event = ValidationFailedRequest::default();
    bell.on_validation_failed(event.clone())
        .await
        .expect("heard");
    let first = bell.plugin();
    assert_eq!(first.rung.load(Ordering::Relaxed), 2);

    bell.set_config("times", "3").await.expect("accepted");
    bell.on_validation_failed(event).await.expect("heard");
    assert_eq!(bell.plugin().rung.load(Ordering::Relaxed), 3);
    assert_eq!(first.rung.load(Ordering::Relaxed), 2);
}

#[tokio::test]
#[should_panic(expected = "no instance yet: a plugin with a config is built by its first call")]
async fn instance_is_none_before_the_first_call() {
    let bell = Harness::plugin::<Bell>().start().await.expect("it starts");
    let _ = bell.plugin();
}

#[tokio::test]
async fn delivered_values_are_those_accepted() {
    let bell = Harness::plugin::<Bell>().config("token", "s3cret");
    let bell = bell.config("times", "2").start().await.expect("it starts");
    bell.set_config("times", "often")
        .await
        .expect_err("no number");
    bell.set_config("times", "3").await.expect("accepted");

    let delivered = bell.delivered();
    let entries = delivered.entries();
    let entries: Vec<_> = entries
        .map(|(key, value)| (key, value.expose_secret()))
        .collect();
    assert_eq!(entries, [("times", "3"), ("token", "s3cret")]);
    assert!(!format!("{delivered:?}").contains("s3cret"));

    bell.set_config("token", "").await.expect("accepted");
    assert!(bell.delivered().get("token").is_none());
}

#[tokio::test]
async fn handler_can_be_called_directly() {
    let config = BellConfig {
        token: None,
        times: 1,
    };
    let bell = Bell::new(config);
    let event = ValidationFailedRequest::default();
    bell.on_validation_failed(event).await.expect("heard");
    assert!(bell.config.token.is_none());
    assert_eq!(bell.rung.load(Ordering::Relaxed), 1);
}
