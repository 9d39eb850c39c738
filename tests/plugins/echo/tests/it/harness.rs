//! The echo plugin under a host that keeps what it says.

use cvtplugin::LogRecord;
use cvtplugin::host::{Capture, Host, RunningPlugin, StdStream};
use cvtplugin::prelude::*;
use cvtplugin_testkit::wait::TIMEOUT;

/// The default, without a warning for each response that is not OpenAPI: echo has no others.
pub(crate) const LOG: &str = "info,cvtplugin::server::dispatch::spec=off";

pub(crate) const ECHO: &str = env!("CARGO_BIN_EXE_cvt-plugin-echo");

/// Launches what the variable `LAUNCH` says, for a plugin in circumstances that a host does not
/// provide.
pub(crate) const SHELL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/faults/launch.sh");

/// A running echo plugin, and what it says.
pub(crate) struct Echo {
    pub(crate) plugin: RunningPlugin,
    pub(crate) captured: Capture,
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
        let captured = Capture::default();
        let host = Host::new(binary)
            .env("RUST_BACKTRACE", "0")
            .env("CVT_PLUGIN_LOG", LOG)
            .capture(&captured);
        let plugin = configure(host).launch().await.expect("it launches");
        Self { plugin, captured }
    }

    /// Fetches the schema `id`, as text.
    pub(crate) async fn say(&self, id: impl Into<String>) -> Result<String, Error> {
        say(&self.plugin, id).await
    }

    /// Waits for a log record; of several, returns the first.
    pub(crate) async fn log(&self, wanted: impl Fn(&LogRecord) -> bool) -> LogRecord {
        self.captured.log(wanted).await
    }

    /// Waits until `text` has been printed to `channel`, and returns all of that channel so far.
    pub(crate) async fn printed(&self, channel: StdStream, text: &str) -> String {
        self.captured.printed(channel, text).await
    }

    /// Waits for the end, which somebody else has brought about, and checks that it is clean.
    pub(crate) async fn ended(self) {
        let exit = self.plugin.wait(TIMEOUT).await;
        let exit = exit.expect("echo can be waited for");
        assert!(exit.is_clean(), "{exit:?}");
    }

    /// Shuts the plugin down, and checks that it ends as it should: by itself, with nothing left
    /// behind and no call given up.
    pub(crate) async fn end(self) {
        let exit = self.plugin.shutdown().await;
        let exit = exit.expect("echo can be waited for");
        assert!(exit.is_clean(), "{exit:?}");
        let given_up = |record: &LogRecord| record.message.starts_with("giving up on calls");
        assert!(
            !self.captured.logs().iter().any(given_up),
            "calls were given up"
        );
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
