//! A plugin that runs in a test.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::oneshot;

use super::scope::Scope;
use crate::connection::Connection;
use crate::host::{Capture, Channel, Client, LaunchError, Request};
use crate::pb::handshake::v1::InfoResponse;
use crate::process::{self, Output};
use crate::redaction::Redactor;
use crate::server::dispatch::scheduler::{Engine, ThreadHook};
use crate::server::session::Session;
use crate::server::start_error::StartError;
use crate::tls::Tls;
use crate::{ConfigValues, Health, Plugin, Result, Server};

/// How long the `Drop` of a plugin may hold up the end of its test.
const DROP_TIMEOUT: Duration = Duration::from_millis(150);

/// How many bytes either side may send before the other has read.
const BUFFER: usize = 64 * 1024;

/// Looks the present instance up.
pub(super) type Lookup<P> = Box<dyn Fn() -> Option<Arc<P>> + Send + Sync>;

/// A plugin in a test, which runs until it is shut down or dropped.
///
/// The calls that CVT makes can be made on it directly; everything that a host can ask of a plugin
/// is in its [`client`](Self::client). When a test panics, the plugin's log is printed.
pub struct TestPlugin<P = ()> {
    client: Client,
    info: InfoResponse,
    instance: Lookup<P>,
    delivered: Mutex<ConfigValues>,
    log: Log,
    /// Closed once the plugin has shut down.
    ended: oneshot::Receiver<()>,
}

impl<P> TestPlugin<P> {
    pub(super) async fn start(
        server: Server,
        instance: Lookup<P>,
        config: BTreeMap<String, SecretString>,
        call_timeout: Duration,
    ) -> Result<Self, LaunchError> {
        let mut log = Log {
            captured: Capture::default(),
            is_wanted: true,
        };
        let (ours, plugins) = tokio::io::duplex(BUFFER);
        let (end, ended) = oneshot::channel();
        let redactor = Redactor::default();
        let scope = Scope::new(server.info.name(), log.captured.clone(), redactor.clone());
        let serve = move || {
            serve(server, Box::new(plugins), &scope, redactor);
            drop(end);
        };
        thread::Builder::new()
            .name("cvtplugin-harness".into())
            .spawn(serve)
            .map_err(LaunchError::Connect)?;
        let channel = Channel::over(Box::new(ours)).await;
        let client = Client::new(channel.map_err(LaunchError::Connect)?, call_timeout);
        let info = client.introduce(call_timeout).await?;
        client.configure(&config).await?;
        log.is_wanted = false;
        Ok(Self {
            client,
            info,
            instance,
            delivered: Mutex::new(config.into_iter().collect()),
            log,
            ended,
        })
    }

    /// The client that makes the calls. Clones of it can be sent to other tasks.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The name, version and services that the plugin reports.
    pub fn info(&self) -> &InfoResponse {
        &self.info
    }

    /// The log of the plugin. Clones of it outlive the plugin.
    pub fn captured(&self) -> &Capture {
        &self.log.captured
    }

    /// Asks whether the plugin is ready for calls.
    ///
    /// # Errors
    ///
    /// Those of every call: see [`Client`].
    pub async fn health(&self) -> Result<Health> {
        self.client.health().await
    }

    /// Delivers one key of the plugin's config, as CVT does. An empty value unsets the key.
    ///
    /// # Errors
    ///
    /// Those of every call: see [`Client`].
    pub async fn set_config(
        &self,
        key: impl Into<String>,
        value: impl Into<SecretString>,
    ) -> Result<()> {
        let (key, value) = (key.into(), value.into());
        self.client.set_config(&key, value.clone()).await?;
        self.delivered_now().set(key, value);
        Ok(())
    }

    /// The config that this test has delivered and the plugin has accepted: each key's last value.
    ///
    /// What was delivered through the [`client`](Self::client) is not among it.
    ///
    /// ```
    /// # use cvtplugin::prelude::*;
    /// # use cvtplugin::testing::{Harness, block_on};
    /// # #[derive(PluginConfig)]
    /// # struct BellConfig {
    /// #     /// How often to ring.
    /// #     #[config(default = 1)]
    /// #     times: usize,
    /// # }
    /// # struct Bell;
    /// # #[cvt_plugin(name = "bell", version = "0.1.0", main = false)]
    /// # impl Bell {
    /// #     fn new(_: BellConfig) -> Self {
    /// #         Self
    /// #     }
    /// #     async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
    /// #         Ok(())
    /// #     }
    /// # }
    /// block_on(async {
    ///     let bell = Harness::plugin::<Bell>().config("times", "2").start().await.unwrap();
    ///     assert!(bell.set_config("times", "many").await.is_err());
    ///     bell.set_config("times", "3").await.unwrap();
    ///
    ///     let delivered = bell.delivered();
    ///     let times = delivered.get("times").map(|times| times.expose_secret());
    ///     assert_eq!(times, Some("3"));
    /// });
    /// ```
    pub fn delivered(&self) -> ConfigValues {
        self.delivered_now().clone()
    }

    fn delivered_now(&self) -> MutexGuard<'_, ConfigValues> {
        let delivered = self.delivered.lock();
        delivered.unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks the plugin to shut down, as CVT does, and waits until it has: calls in flight have
    /// been responded to, and the plugin's `shutdown` has run.
    pub async fn shutdown(self) {
        self.client.ask_to_end().await;
        drop(self.client);
        // Nothing is sent: the other end is dropped with the thread.
        let _ = self.ended.await;
    }
}

impl<P: Plugin> TestPlugin<P> {
    /// The instance that serves new calls at present, to look at its state.
    ///
    /// ```
    /// use std::sync::atomic::{AtomicUsize, Ordering};
    /// use cvtplugin::prelude::*;
    /// use cvtplugin::testing::{Harness, block_on};
    ///
    /// #[derive(Default)]
    /// struct Bell {
    ///     rung: AtomicUsize,
    /// }
    ///
    /// #[cvt_plugin(name = "bell", version = "0.1.0", main = false)]
    /// impl Bell {
    ///     async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
    ///         self.rung.fetch_add(1, Ordering::Relaxed);
    ///         Ok(())
    ///     }
    /// }
    ///
    /// block_on(async {
    ///     let bell = Harness::plugin::<Bell>().start().await.unwrap();
    ///     bell.on_validation_failed(ValidationFailedRequest::default()).await.unwrap();
    ///     assert_eq!(bell.plugin().rung.load(Ordering::Relaxed), 1);
    /// });
    /// ```
    ///
    /// # Panics
    ///
    /// If there is none: a plugin with a config is built by its first call, and not at all if its
    /// `new` fails.
    #[track_caller]
    pub fn plugin(&self) -> Arc<P> {
        let instance = (self.instance)();
        instance.expect("no instance yet: a plugin with a config is built by its first call")
    }
}

// A method for each extension RPC.
include!("../generated/test_plugin.rs");

impl<P> fmt::Debug for TestPlugin<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestPlugin")
            .field("info", &self.info)
            .finish_non_exhaustive()
    }
}

/// The log, printed when a test fails.
struct Log {
    captured: Capture,
    /// Whether the plugin has not started.
    is_wanted: bool,
}

impl Drop for Log {
    fn drop(&mut self) {
        if self.is_wanted || thread::panicking() {
            for record in self.captured.logs() {
                eprint!("{}", record.to_line());
            }
        }
    }
}

/// Serves one connection on this thread until it closes.
fn serve(server: Server, stream: Connection, scope: &Scope, redactor: Redactor) {
    let _entered = scope.enter();
    if let Err(why) = try_to_serve(server, stream, scope.clone(), redactor) {
        // The other end of the connection is closed by now, and the test sees that.
        tracing::error!("the harness cannot serve: {why}");
    }
}

fn try_to_serve(
    server: Server,
    stream: Connection,
    scope: Scope,
    redactor: Redactor,
) -> Result<(), StartError> {
    let hook = ThreadHook::new(move || scope.enter());
    let engine = Engine::start(&server.runtime, hook).map_err(StartError::Engine)?;
    let tls = Tls::from_client_cert(None).map_err(StartError::Tls)?;
    let output = Arc::new(Output::default());
    let session = Session::new(server, &engine, tls, output, redactor, None)?;
    let ended = engine.run(async move {
        let connection = async {
            session.connections.serve(stream).await;
            // A test that drops its plugin wants it to shut down, too.
            session.shutdown().request();
            session.shutdown().closing().await;
        };
        let end = async {
            session.start().await;
            session.shut_down().await;
        };
        tokio::select! {
            () = connection => {}
            () = end => {}
        }
        session
    });
    // Handlers that block their threads must not hold up the end.
    process::within(DROP_TIMEOUT, move || {
        drop(ended);
        engine.end();
    });
    Ok(())
}
