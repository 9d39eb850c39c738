//! The instances of a plugin whose config changes while they are made.

use cvtplugin::prelude::*;
use cvtplugin::testing::{Harness, Request, TestPlugin};
use tokio::sync::Semaphore;

/// What the slow constructor waits for.
static GATE: Semaphore = Semaphore::const_new(0);

#[derive(PluginConfig)]
struct PressConfig {
    /// What is printed, and how fast the press starts.
    #[config(example = "quick")]
    word: String,
}

struct Press(PressConfig);

#[cvt_plugin(name = "press", main = false, opt_out(register_consumer_usage))]
impl Press {
    async fn new(config: PressConfig) -> Result<Self> {
        tracing::info!(word = config.word, "starting");
        match config.word.as_str() {
            "never" => std::future::pending().await,
            "slow" => GATE
                .acquire()
                .await
                .internal("the gate is closed")?
                .forget(),
            _ => {}
        }
        Ok(Self(config))
    }

    async fn fetch_schema(&self, _: FetchSchemaRequest) -> Result<FetchSchemaResponse> {
        Ok(FetchSchemaResponse::new(self.0.word.clone()))
    }

    async fn shutdown(&self) {
        tracing::info!(word = self.0.word, "stopped");
    }
}

async fn press(word: &str) -> TestPlugin<Press> {
    let harness = Harness::plugin::<Press>().config("word", word);
    harness.start().await.expect("it starts")
}

async fn printed(press: &TestPlugin<Press>) -> String {
    let schema = press.fetch_schema(FetchSchemaRequest::new("a")).await;
    let spec = schema.expect("a schema").spec;
    String::from_utf8(spec.into()).expect("text")
}

/// Waits until the plugin says this of the instance with that word.
async fn await_log(press: &TestPlugin<Press>, message: &str, word: &str) {
    let record = press
        .captured()
        .log(|it| it.message == message && it.fields.get("word").is_some_and(|it| it == word));
    record.await;
}

#[tokio::test]
async fn endless_constructor_does_not_delay_a_corrected_config() {
    let press = press("never").await;
    let hung = Request::new(FetchSchemaRequest::new("a"));
    let hung = press.fetch_schema(hung.timeout(std::time::Duration::from_millis(50)));
    let error = hung.await.expect_err("it hangs");
    assert_eq!(error.code(), Code::DeadlineExceeded);
    press.set_config("word", "quick").await.expect("it fits");
    assert_eq!(printed(&press).await, "quick");
}

#[tokio::test]
async fn late_instance_serves_its_own_calls_alone() {
    let press = press("slow").await;
    let early = async {
        let spec = printed(&press).await;
        assert_eq!(spec, "slow");
    };
    let overtaking = async {
        await_log(&press, "starting", "slow").await;
        press.set_config("word", "quick").await.expect("it fits");
        assert_eq!(printed(&press).await, "quick");
        GATE.add_permits(1);
    };
    tokio::join!(early, overtaking);
    await_log(&press, "stopped", "slow").await;
    assert_eq!(printed(&press).await, "quick");

    let log = press.captured().clone();
    press.shutdown().await;
    let stopped = log.logs().into_iter().filter(|it| it.message == "stopped");
    let stopped: Vec<_> = stopped.map(|it| it.fields["word"].clone()).collect();
    assert_eq!(stopped, ["slow", "quick"]);
}
