//! The other side: launches a plugin's binary and calls it, as CVT does.
//!
//! For tests of a built plugin and for tools: it works with plugins of any language that follow
//! CVT's plugin protocol. A test of your own binary is three lines:
//!
//! ```no_run
//! # macro_rules! env { ($name:literal) => { "" } }
//! use cvtplugin::host::Host;
//! use cvtplugin::prelude::*;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), BoxError> {
//! let plugin = Host::new(env!("CARGO_BIN_EXE_cvt-plugin-hello")).launch().await?;
//! let schema = plugin.fetch_schema(FetchSchemaRequest::new("petstore")).await?;
//! assert!(plugin.shutdown().await?.is_clean());
//! # drop(schema);
//! # Ok(())
//! # }
//! ```

mod broker;
mod capture;
mod channel;
mod client;
mod error;
mod exit;
mod forwarding;
mod logs;
mod options;
mod output;
mod process;
mod raw_codec;
mod request;
mod running;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

pub use crate::std_stream::StdStream;
pub use capture::Capture;
#[cfg(feature = "testing")]
pub(crate) use channel::Channel;
pub use client::Client;
pub use error::LaunchError;
pub use exit::Exit;
pub use request::Request;
pub use running::RunningPlugin;

use crate::LogRecord;
use options::Options;
use process::Process;

/// Launches a plugin: which binary, with what config, and how long to wait for it.
///
/// The defaults are those of CVT: 5 s to start, 5 s for each call, and an inherited environment.
///
/// ```no_run
/// use std::time::Duration;
/// use cvtplugin::host::{Host, LaunchError, RunningPlugin};
///
/// async fn launch() -> Result<RunningPlugin, LaunchError> {
///     Host::new("target/debug/cvt-plugin-rest")
///         .config("base_url", "http://localhost:8080")
///         .env("CVT_PLUGIN_LOG", "debug")
///         .call_timeout(Duration::from_secs(30))
///         .on_log(|record| println!("{} {}", record.level, record.message))
///         .launch()
///         .await
/// }
/// ```
#[must_use = "nothing is launched until `launch` is called"]
pub struct Host {
    options: Options,
}

impl Host {
    /// Creates a host that will launch the plugin at `binary`.
    pub fn new(binary: impl Into<PathBuf>) -> Self {
        let binary = binary.into();
        let name = plugin_name(&binary);
        let options = Options {
            binary,
            environment: Vec::new(),
            config: BTreeMap::new(),
            auto_mtls: false,
            start_timeout: Duration::from_secs(5),
            call_timeout: Duration::from_secs(5),
            on_log: Arc::new(move |record| forwarding::forward(&name, &record)),
            on_stderr_line: Arc::new(|_| {}),
            on_output: Arc::new(|_, _| {}),
        };
        Self { options }
    }

    /// Sets a key of the plugin's config. Keys are delivered in sorted order, as CVT does.
    pub fn config(mut self, key: impl Into<String>, value: impl Into<SecretString>) -> Self {
        self.options.config.insert(key.into(), value.into());
        self
    }

    /// Sets a variable in the plugin's environment.
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        let variable = (name.as_ref().into(), Some(value.as_ref().into()));
        self.options.environment.push(variable);
        self
    }

    /// Removes a variable from the plugin's environment.
    pub fn env_remove(mut self, name: impl AsRef<OsStr>) -> Self {
        self.options.environment.push((name.as_ref().into(), None));
        self
    }

    /// Secures the connection by AutoMTLS, which CVT does not do today: host and plugin make a
    /// certificate each and accept no other. The plugin has to be built with the feature.
    ///
    /// ```no_run
    /// # use cvtplugin::host::{Host, LaunchError};
    /// # async fn launch() -> Result<(), LaunchError> {
    /// let plugin = Host::new("target/release/cvt-plugin-hello").auto_mtls().launch().await?;
    /// # drop(plugin);
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "auto-mtls")]
    pub fn auto_mtls(mut self) -> Self {
        self.options.auto_mtls = true;
        self
    }

    /// Sets how long the plugin may take to print its handshake line, and to respond to `Info`.
    pub fn start_timeout(mut self, timeout: Duration) -> Self {
        self.options.start_timeout = timeout;
        self
    }

    /// Sets the timeout of each call that does not set its own in a [`Request`].
    pub fn call_timeout(mut self, timeout: Duration) -> Self {
        self.options.call_timeout = timeout;
        self
    }

    /// Calls `callback` with every record of the plugin's log, instead of forwarding it to
    /// `tracing`.
    ///
    /// A forwarded record is an event with the target `cvtplugin::host`, the record's level and
    /// message, the fields `plugin` and `module`, and the record's own fields: up to 28 of them, the
    /// others as JSON in the field `fields`.
    pub fn on_log(mut self, callback: impl Fn(LogRecord) + Send + Sync + 'static) -> Self {
        self.options.on_log = Arc::new(callback);
        self
    }

    /// Calls `callback` with each line of the plugin's stderr, without its line break, before it is
    /// parsed as a log record. For tools that examine the log itself.
    pub fn on_stderr_line(mut self, callback: impl Fn(&[u8]) + Send + Sync + 'static) -> Self {
        self.options.on_stderr_line = Arc::new(callback);
        self
    }

    /// Calls `callback` with what the plugin prints after the handshake.
    pub fn on_output(
        mut self,
        callback: impl Fn(StdStream, &[u8]) + Send + Sync + 'static,
    ) -> Self {
        self.options.on_output = Arc::new(callback);
        self
    }

    /// Keeps what the plugin logs and prints in `capture`, instead of calling other callbacks.
    pub fn capture(self, capture: &Capture) -> Self {
        let (logs, output) = (capture.clone(), capture.clone());
        self.on_log(move |record| logs.keep_log(record))
            .on_output(move |stream, data| output.keep_output(stream, data))
    }

    /// Launches the plugin, connects to it, requests its `Info`, and delivers its config.
    ///
    /// The process is killed when the returned value is dropped.
    ///
    /// # Errors
    ///
    /// A [`LaunchError`] for the step that failed.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime with I/O and time enabled.
    pub async fn launch(self) -> Result<RunningPlugin, LaunchError> {
        let process = Process::spawn(&self.options).await?;
        let plugin = RunningPlugin::connect(process, &self.options).await?;
        plugin.client().configure(&self.options.config).await?;
        Ok(plugin)
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Host")
            .field("binary", &self.options.binary)
            .field("config", &self.options.config)
            .finish_non_exhaustive()
    }
}

/// The name that CVT gives a plugin: its file name without the `cvt-plugin-` prefix.
fn plugin_name(binary: &std::path::Path) -> String {
    let name = binary.file_stem().unwrap_or_default().to_string_lossy();
    cvtplugin_names::without_prefix(&name).to_owned()
}
