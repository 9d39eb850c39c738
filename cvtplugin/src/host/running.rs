//! A plugin that is running.

use std::path::Path;
use std::time::Duration;

use secrecy::SecretString;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::channel::Channel;
use super::client::Client;
use super::error::LaunchError;
use super::exit::Exit;
use super::options::Options;
use super::process::{EXIT_TIMEOUT, Process};
use super::request::Request;
use super::{broker, output};
use crate::pb::handshake::v1::InfoResponse;
use crate::{Health, Result};

/// How long to wait for the rest of the plugin's output once it has responded to `Shutdown`.
const FLUSH_TIMEOUT: Duration = Duration::from_millis(100);

/// A plugin process that was launched, and runs until it is shut down or dropped.
///
/// The calls that CVT makes can be made on it directly; everything that a host can ask of a plugin
/// is in its [`client`](Self::client).
///
/// ```
/// use cvtplugin::host::RunningPlugin;
/// use cvtplugin::prelude::*;
///
/// async fn fetch_and_end(plugin: RunningPlugin) -> Result<(), BoxError> {
///     println!("{} {}", plugin.info().name, plugin.info().version);
///     let schema = plugin.fetch_schema(FetchSchemaRequest::new("petstore")).await?;
///     println!("{} bytes", schema.spec.len());
///     let exit = plugin.shutdown().await?;
///     assert!(exit.is_clean(), "{exit:?}");
///     Ok(())
/// }
/// ```
pub struct RunningPlugin {
    process: Process,
    client: Client,
    /// What a host leaves open for as long as it is connected.
    streams: JoinSet<()>,
    info: InfoResponse,
    info_time: Duration,
}

impl RunningPlugin {
    /// Connects to a process, pings it as go-plugin does, and asks who it is.
    pub(super) async fn connect(process: Process, options: &Options) -> Result<Self, LaunchError> {
        let channel = Channel::connect(&process.handshake, process.connector.as_ref())
            .await
            .map_err(LaunchError::Connect)?;
        let client = Client::new(channel, options.call_timeout);
        // Not awaited: plugins in Go respond with their first output, which may never come.
        let mut streams = JoinSet::new();
        streams.spawn(output::follow(client.stdio(), options.on_output.clone()));
        streams.spawn(broker::hold(client.broker()));
        client.ping().await.map_err(LaunchError::Ping)?;
        let info = client.introduce(options.start_timeout).await?;
        let info_time = process.spawned.elapsed();
        Ok(Self {
            process,
            client,
            streams,
            info,
            info_time,
        })
    }

    /// The client that makes the calls. Clones of it can be sent to other tasks.
    ///
    /// ```
    /// use cvtplugin::host::RunningPlugin;
    /// use cvtplugin::prelude::*;
    ///
    /// async fn is_ready(plugin: &RunningPlugin) -> Result<bool> {
    ///     Ok(plugin.client().health().await? == Health::Serving)
    /// }
    /// ```
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Asks whether the plugin is ready for calls.
    ///
    /// # Errors
    ///
    /// Those of every call: see [`Client`].
    pub async fn health(&self) -> Result<Health> {
        self.client.health().await
    }

    /// Delivers one key of the plugin's config.
    ///
    /// # Errors
    ///
    /// Those of every call: see [`Client`].
    pub async fn set_config(
        &self,
        key: impl Into<String>,
        value: impl Into<SecretString>,
    ) -> Result<()> {
        self.client.set_config(key, value).await
    }

    /// The name, version and services that the plugin reports.
    pub fn info(&self) -> &InfoResponse {
        &self.info
    }

    /// The time from the start of the process to its handshake line.
    ///
    /// ```no_run
    /// # use cvtplugin::host::{Host, LaunchError};
    /// # async fn launch() -> Result<(), LaunchError> {
    /// let plugin = Host::new("target/release/cvt-plugin-hello").launch().await?;
    /// println!("{:?}, of {:?}", plugin.handshake_time(), plugin.info_time());
    /// # Ok(())
    /// # }
    /// ```
    pub fn handshake_time(&self) -> Duration {
        self.process.handshake_time
    }

    /// The time from the start of the process to its response to `Info`. The config is delivered
    /// after that.
    pub fn info_time(&self) -> Duration {
        self.info_time
    }

    /// The id of the plugin's process.
    pub fn process_id(&self) -> u32 {
        self.process.id
    }

    /// The address in the plugin's handshake line: the path of a Unix socket, or an IP address and
    /// port.
    pub fn address(&self) -> &str {
        &self.process.handshake.address
    }

    /// The path of the plugin's Unix socket; `None` if it listens on TCP.
    pub fn socket(&self) -> Option<&Path> {
        let handshake = &self.process.handshake;
        (handshake.network == "unix").then(|| handshake.address.as_ref())
    }

    /// Asks the plugin to shut down, and waits for its process to exit. As with go-plugin, a
    /// process that is still running 2 s after its response is killed.
    ///
    /// # Errors
    ///
    /// The system's error if the process cannot be waited for.
    pub async fn shutdown(mut self) -> std::io::Result<Exit> {
        let responded = self.client.ask_to_end().await;
        // What the plugin prints after its response is lost to go-plugin.
        let rest = async { while self.streams.join_next().await.is_some() {} };
        let _ = timeout(FLUSH_TIMEOUT, rest).await;
        drop((self.streams, self.client));
        let exit = self.process.end(EXIT_TIMEOUT).await?;
        Ok(Exit {
            shutdown_timed_out: !responded,
            ..exit
        })
    }

    /// Waits for the process to exit by itself, and kills it after `timeout`. For a plugin that
    /// was told to shut down by other means, such as a signal.
    ///
    /// # Errors
    ///
    /// The system's error if the process cannot be waited for.
    pub async fn wait(self, timeout: Duration) -> std::io::Result<Exit> {
        self.process.end(timeout).await
    }

    /// Kills the process.
    ///
    /// # Errors
    ///
    /// The system's error if the process cannot be killed or waited for.
    pub async fn kill(self) -> std::io::Result<Exit> {
        self.process.kill().await
    }
}

// A method for each extension RPC.
include!("../generated/running_plugin.rs");

impl std::fmt::Debug for RunningPlugin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RunningPlugin")
            .field("info", &self.info)
            .field("process_id", &self.process_id())
            .finish_non_exhaustive()
    }
}
