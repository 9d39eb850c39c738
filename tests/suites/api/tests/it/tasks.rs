//! Background tasks live and end with the plugin's instance.

use std::future::pending;

use cvtplugin::LogRecord;
use cvtplugin::prelude::*;
use cvtplugin::testing::{Capture, Harness, TestPlugin};
use tracing::Level;

#[derive(PluginConfig)]
struct PollerConfig {
    /// What the task does.
    #[config(default = "polite")]
    mode: String,
}

struct Poller;

#[cvt_plugin(name = "poller", version = "0.1.0", main = false)]
impl Poller {
    async fn new(config: PollerConfig, tasks: Tasks) -> Result<Self> {
        let mode = config.mode;
        let stopping = tasks.stopping();
        match mode.as_str() {
            "panics" => tasks.spawn("poller", async { panic!("out of ideas") }),
            "fails" => tasks.spawn("poller", async { Err(Error::unavailable("offline")) }),
            "blocks" => tasks.spawn_blocking("poller", || Err::<(), _>("no index")),
            "is deaf" => tasks.spawn("poller", pending::<()>()),
            _ => tasks.spawn("poller", async move {
                stopping.await;
                tracing::info!(mode, "stopped");
            }),
        }
        Ok(Self)
    }

    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }

    async fn shutdown(&self) {
        tracing::info!("shut down");
    }
}

/// The poller in this mode, after its first call.
async fn poller(mode: &str) -> TestPlugin<Poller> {
    let poller = Harness::plugin::<Poller>().config("mode", mode).start();
    let poller = poller.await.expect("it starts");
    call(&poller).await.expect("a response");
    poller
}

async fn call(poller: &TestPlugin<Poller>) -> Result<EventResponse> {
    let event = ValidationFailedRequest::default();
    poller.on_validation_failed(event).await
}

fn messages(captured: &Capture) -> Vec<String> {
    let records = captured.logs().into_iter();
    let records = records.filter(|record| record.level <= Level::INFO);
    records.map(|record| record.message).collect()
}

/// The error records, once there is one.
async fn errors(poller: TestPlugin<Poller>) -> Vec<LogRecord> {
    let captured = poller.captured().clone();
    captured.log(|record| record.level == Level::ERROR).await;
    call(&poller).await.expect("it goes on");
    poller.shutdown().await;
    let records = captured.logs().into_iter();
    records.filter(|it| it.level == Level::ERROR).collect()
}

#[tokio::test]
async fn end_stops_tasks_before_shutdown_runs() {
    let poller = poller("polite").await;
    let captured = poller.captured().clone();
    poller.shutdown().await;
    assert_eq!(messages(&captured), ["stopped", "shut down"]);
}

#[tokio::test]
async fn end_aborts_a_task_that_ignores_the_signal() {
    let poller = poller("is deaf").await;
    let captured = poller.captured().clone();
    poller.shutdown().await;
    let aborted = "aborted: it did not stop within 300ms";
    assert_eq!(messages(&captured), [aborted, "shut down"]);
}

#[tokio::test]
async fn replaced_instance_stops_its_tasks() {
    let poller = poller("old").await;
    poller.set_config("mode", "new").await.expect("accepted");
    call(&poller).await.expect("a response");
    let stopped = poller.captured().log(|record| record.message == "stopped");
    assert_eq!(stopped.await.fields["mode"], "old");
    let shut_down = poller
        .captured()
        .log(|record| record.message == "shut down");
    shut_down.await;
}

#[tokio::test]
async fn panic_is_one_error_record_with_the_name_of_the_task() {
    let errors = errors(poller("panics").await).await;
    let [error] = &errors[..] else {
        panic!("not one record: {errors:#?}");
    };
    assert!(error.message.contains("out of ideas"), "{error:?}");
    assert_eq!(error.fields["task"], "poller");
}

#[tokio::test]
async fn error_is_one_error_record_with_the_name_of_the_task() {
    for (mode, message) in [
        ("fails", "background task failed: offline"),
        ("blocks", "background task failed: no index"),
    ] {
        let errors = errors(poller(mode).await).await;
        let [error] = &errors[..] else {
            panic!("not one record: {errors:#?}");
        };
        assert_eq!(error.message, message);
        assert_eq!(error.fields["task"], "poller");
    }
}

#[derive(PluginConfig)]
struct DoomedConfig {
    /// Whether there is paper.
    #[config(default = false)]
    paper: bool,
}

struct Doomed;

#[cvt_plugin(name = "doomed", version = "0.1.0", main = false)]
impl Doomed {
    /// A plain `fn`, and the arguments the other way round.
    fn new(tasks: Tasks, config: DoomedConfig) -> Result<Self> {
        let stopping = tasks.stopping();
        tasks.spawn("poller", async move {
            stopping.await;
            tracing::info!("stopped");
        });
        config
            .paper
            .then_some(Self)
            .unavailable("no paper in the printer")
    }

    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn constructor_that_fails_stops_its_tasks() {
    let doomed = Harness::plugin::<Doomed>()
        .start()
        .await
        .expect("it starts");
    let event = ValidationFailedRequest::default();
    let error = doomed.on_validation_failed(event).await;
    let error = error.expect_err("there is no paper");
    assert_eq!(error.message(), "no paper in the printer");
    let stopped = doomed.captured().log(|record| record.message == "stopped");
    assert_eq!(stopped.await.fields["task"], "poller");
}

struct Idle;

#[cvt_plugin(name = "idle", version = "0.1.0", main = false)]
impl Idle {
    async fn new(tasks: Tasks) -> Self {
        let stopping = tasks.stopping();
        tasks.spawn("idle", stopping);
        Self
    }

    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn new_may_take_tasks_alone() {
    let idle = Harness::plugin::<Idle>().start().await.expect("it starts");
    let event = ValidationFailedRequest::default();
    idle.on_validation_failed(event).await.expect("a response");
    idle.shutdown().await;
}
