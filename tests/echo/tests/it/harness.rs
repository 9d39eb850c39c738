//! The echo plugin under a host that keeps what it says.

use std::time::Duration;

use cvtplugin::LogRecord;
use cvtplugin::host::{Host, OutputChannel, RunningPlugin};
use cvtplugin::prelude::*;
use tokio::sync::mpsc::{self, UnboundedReceiver};
use tokio::time::timeout;

/// How long anything that is awaited may take: a limit for a test that failed, no measure.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) const ECHO: &str = env!("CARGO_BIN_EXE_cvt-plugin-echo");

/// A running echo plugin, its log and its output.
pub(crate) struct Echo {
    pub(crate) plugin: RunningPlugin,
    pub(crate) logs: UnboundedReceiver<LogRecord>,
    pub(crate) output: UnboundedReceiver<(OutputChannel, Vec<u8>)>,
}

impl Echo {
    pub(crate) async fn launch() -> Self {
        Self::launch_with(|host| host).await
    }

    pub(crate) async fn launch_with(configure: impl FnOnce(Host) -> Host) -> Self {
        Self::launch_binary(ECHO, configure).await
    }

    /// Launches another plugin, or something that ends up as echo.
    pub(crate) async fn launch_binary(binary: &str, configure: impl FnOnce(Host) -> Host) -> Self {
        let (log, logs) = mpsc::unbounded_channel();
        let (print, output) = mpsc::unbounded_channel();
        let host = Host::new(binary)
            .env("RUST_BACKTRACE", "0")
            .on_log(move |record| drop(log.send(record)))
            .on_output(move |channel, data| drop(print.send((channel, data.to_vec()))));
        let plugin = configure(host).launch().await.expect("it launches");
        Self {
            plugin,
            logs,
            output,
        }
    }

    /// Fetches the schema `id`, as text.
    pub(crate) async fn say(&self, id: impl Into<String>) -> Result<String, Error> {
        say(&self.plugin, id).await
    }

    /// Waits for a log record.
    pub(crate) async fn log(&mut self, wanted: impl Fn(&LogRecord) -> bool) -> LogRecord {
        let found = async {
            loop {
                match self.logs.recv().await {
                    Some(record) if wanted(&record) => return record,
                    Some(_) => {}
                    None => panic!("the log ended without the record"),
                }
            }
        };
        timeout(PATIENCE, found).await.expect("the record arrives")
    }

    /// Waits until `text` has been printed to `channel`, and returns all of that channel so far.
    pub(crate) async fn printed(&mut self, channel: OutputChannel, text: &str) -> String {
        let mut all = String::new();
        let found = async {
            while !all.contains(text) {
                match self.output.recv().await {
                    Some((of, data)) if of == channel => {
                        all.push_str(&String::from_utf8_lossy(&data));
                    }
                    Some(_) => {}
                    None => panic!("the output ended without {text:?}"),
                }
            }
        };
        timeout(PATIENCE, found).await.expect("the text arrives");
        all
    }

    /// Shuts the plugin down, and checks that it ends as it should.
    pub(crate) async fn end(self) {
        let socket = self.plugin.socket().to_owned();
        let exit = self
            .plugin
            .shutdown()
            .await
            .expect("echo can be waited for");
        assert!(exit.is_clean(), "{exit:?}");
        assert!(!socket.exists(), "the socket is still there");
    }
}

pub(crate) async fn say(plugin: &RunningPlugin, id: impl Into<String>) -> Result<String, Error> {
    let schema = plugin.fetch_schema(FetchSchemaRequest::new(id)).await?;
    Ok(String::from_utf8(schema.spec.into()).expect("echo speaks text"))
}

/// The echo plugin with an empty environment.
pub(crate) fn bare_command() -> std::process::Command {
    let mut command = std::process::Command::new(ECHO);
    command.env_clear();
    command
}
