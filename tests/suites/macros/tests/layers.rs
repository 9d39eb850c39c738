//! Layers of the author's beside the log to the host, in a real process.

use std::fs;
use std::path::Path;

use cvtplugin::LogRecord;
use cvtplugin::host::{Capture, Host, RunningPlugin};
use cvtplugin::prelude::*;
use cvtplugin_testkit::wait::soon;
use tempfile::TempDir;
use tracing::Level;

struct Layered {
    plugin: RunningPlugin,
    capture: Capture,
    directory: TempDir,
}

impl Layered {
    async fn launch(with: impl FnOnce(Host) -> Host) -> Self {
        let directory = tempfile::tempdir().expect("a scratch directory");
        let capture = Capture::default();
        let host = Host::new(env!("CARGO_BIN_EXE_cvt-plugin-layered"))
            .env("LAYERS_FILE", directory.path().join("log"))
            .config("token", "s3cret-token")
            .capture(&capture);
        let plugin = with(host).launch().await.expect("it launches");
        Self {
            plugin,
            capture,
            directory,
        }
    }

    /// Makes a call, and returns what the host reads of it.
    async fn call(&self) -> LogRecord {
        let event = ValidationFailedRequest::new("pets", "GET", "/pets");
        let event = self.plugin.on_validation_failed(event).await;
        assert!(event.expect("a response").acknowledged);
        self.log("at info: pets").await
    }

    async fn log(&self, message: &str) -> LogRecord {
        soon(
            message,
            self.capture.log(|record| record.message.contains(message)),
        )
        .await
    }

    /// Ends the plugin; what its own layer has written.
    async fn end(self) -> String {
        let exit = self.plugin.shutdown().await.expect("the plugin ends");
        assert!(exit.is_clean(), "{exit:?}");
        read(&self.directory.path().join("log"))
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("the layer has written it")
}

#[tokio::test]
async fn other_layer_sees_what_the_host_sees_and_more() {
    let layered = Layered::launch(|host| host).await;
    layered.log("making layers").await;
    let record = layered.call().await;
    layered.log("exporting").await;
    assert_eq!(record.level, Level::INFO);
    assert_eq!(record.fields["method"], "OnValidationFailed");
    assert_eq!(record.fields["token"], "[redacted]");
    let messages = layered
        .capture
        .logs()
        .into_iter()
        .map(|record| record.message);
    assert!(messages.clone().all(|it| !it.contains("at debug")));
    let written = layered.end().await;
    for expected in ["built", "exporting", "at info: pets", "at debug: pets"] {
        assert!(written.contains(expected), "{expected} in {written}");
    }
    // Redaction is for the way to the host.
    assert!(written.contains("s3cret-token"), "{written}");
}

#[tokio::test]
async fn filter_of_the_host_is_none_of_the_other_layers() {
    let layered = Layered::launch(|host| host.env("CVT_PLUGIN_LOG", "error")).await;
    let event = ValidationFailedRequest::new("pets", "GET", "/pets");
    let event = layered.plugin.on_validation_failed(event).await;
    assert!(event.expect("a response").acknowledged);
    assert_eq!(layered.capture.logs().len(), 0);
    let written = layered.end().await;
    assert!(written.contains("at debug: pets"), "{written}");
}

#[tokio::test]
async fn server_without_the_macro_has_them_too() {
    let layered = Layered::launch(|host| host.env("SERVED", "without the macro")).await;
    layered.call().await;
    let written = layered.end().await;
    assert!(written.contains("at info: pets"), "{written}");
}

#[tokio::test]
async fn panic_leaves_the_log_to_the_host() {
    let layered = Layered::launch(|host| host.env("LAYERS", "panic")).await;
    let panic = layered.log("no exporter").await;
    assert_eq!(panic.level, Level::ERROR);
    let record = layered.log("cannot use the layers").await;
    assert_eq!(record.level, Level::ERROR);
    assert!(record.message.contains("it panicked"), "{}", record.message);
    layered.call().await;
    let exit = layered.plugin.shutdown().await.expect("the plugin ends");
    assert!(exit.is_clean(), "{exit:?}");
}

#[tokio::test]
async fn hanging_leaves_the_log_to_the_host() {
    let layered = Layered::launch(|host| host.env("LAYERS", "hang")).await;
    let record = layered.log("cannot use the layers").await;
    assert!(
        record.message.contains("longer than 1 s"),
        "{}",
        record.message
    );
    layered.call().await;
    let exit = layered.plugin.shutdown().await.expect("the plugin ends");
    assert!(exit.is_clean(), "{exit:?}");
}

#[tokio::test]
async fn global_subscriber_of_the_authors_is_told() {
    let layered = Layered::launch(|host| host.env("LAYERS", "set a global subscriber")).await;
    let record = layered.log("cannot use the layers").await;
    assert!(record.message.contains("set already"), "{}", record.message);
    let exit = layered.plugin.shutdown().await.expect("the plugin ends");
    assert!(exit.is_clean(), "{exit:?}");
}
