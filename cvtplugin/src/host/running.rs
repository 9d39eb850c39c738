//! A plugin that runs.

use std::ops::Deref;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::timeout;

use super::channel::Channel;
use super::process::{EXIT_TIMEOUT, Process};
use super::{Client, Exit, Host, LaunchError};
use super::{broker, output};
use crate::pb::handshake::v1::InfoResponse;

/// How long the end of what it printed is waited for once the plugin has answered `Shutdown`.
const LAST_WORDS: Duration = Duration::from_millis(100);

/// A plugin that was launched, and runs until it is shut down or dropped.
///
/// It derefs to a [`Client`], which makes the calls.
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
    pub(super) async fn connect(process: Process, host: &Host) -> Result<Self, LaunchError> {
        let channel = Channel::connect(&process.handshake, process.connector.as_ref())
            .await
            .map_err(LaunchError::Connect)?;
        let client = Client::new(channel, host.call_timeout);
        // Not awaited: plugins in Go answer with their first output, which may never come.
        let mut streams = JoinSet::new();
        streams.spawn(output::follow(client.stdio(), host.on_output.clone()));
        streams.spawn(broker::hold(client.broker()));
        client.ping().await.map_err(LaunchError::Ping)?;
        let info = client.introduce(host.start_timeout).await?;
        let info_time = process.spawned.elapsed();
        Ok(Self {
            process,
            client,
            streams,
            info,
            info_time,
        })
    }

    /// Who the plugin says it is.
    pub fn info(&self) -> &InfoResponse {
        &self.info
    }

    /// How long after its spawn the plugin's handshake line was there.
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

    /// How long after its spawn the plugin had been pinged and had said who it is. Its config is
    /// delivered after that.
    pub fn info_time(&self) -> Duration {
        self.info_time
    }

    /// The id that the plugin's process was given.
    pub fn process_id(&self) -> u32 {
        self.process.id
    }

    /// Where the plugin listens, as it says itself: the path of a unix socket, or IP and port.
    pub fn address(&self) -> &str {
        &self.process.handshake.address
    }

    /// The path of the plugin's unix socket.
    pub fn socket(&self) -> &std::path::Path {
        self.address().as_ref()
    }

    /// Asks the plugin to end, and waits for it as go-plugin does: a plugin that is still there
    /// 2 s after its answer is killed.
    ///
    /// # Errors
    ///
    /// When the system does not let us wait for the process.
    pub async fn shutdown(mut self) -> std::io::Result<Exit> {
        let answered = self.client.ask_to_end().await;
        // What the plugin printed at last comes before its answer, or is lost to go-plugin.
        let last_words = async { while self.streams.join_next().await.is_some() {} };
        let _ = timeout(LAST_WORDS, last_words).await;
        drop((self.streams, self.client));
        let exit = self.process.end(EXIT_TIMEOUT).await?;
        Ok(Exit {
            shutdown_unanswered: !answered,
            ..exit
        })
    }

    /// Waits for the plugin to end by itself, and kills it after `patience`. For a plugin that
    /// was told to end by other means, such as a signal.
    ///
    /// # Errors
    ///
    /// When the system does not let us wait for the process.
    pub async fn wait(self, patience: Duration) -> std::io::Result<Exit> {
        self.process.end(patience).await
    }

    /// Kills the plugin at once.
    ///
    /// # Errors
    ///
    /// When the system does not let us kill the process, or wait for it.
    pub async fn kill(self) -> std::io::Result<Exit> {
        self.process.kill().await
    }
}

impl Deref for RunningPlugin {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl std::fmt::Debug for RunningPlugin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RunningPlugin")
            .field("info", &self.info)
            .field("process_id", &self.process_id())
            .finish_non_exhaustive()
    }
}
