//! A plugin that runs in a test.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;

use super::Harness;
use super::scope::Scope;
use crate::Server;
use crate::host::{Capture, Channel, Client, LaunchError};
use crate::pb::handshake::v1::InfoResponse;
use crate::process::{self, Output};
use crate::redaction::Redactor;
use crate::server::dispatch::scheduler::{Engine, ThreadHook};
use crate::server::session::Session;
use crate::server::start_error::StartError;
use crate::stream::Stream;
use crate::tls::Security;

/// How long the `Drop` of a plugin may hold up the end of its test.
const DROP_TIMEOUT: Duration = Duration::from_millis(150);

/// How much either side sends before the other has read.
const BUFFER: usize = 64 * 1024;

/// A plugin that runs until it is shut down or dropped.
///
/// It derefs to a [`Client`], which makes the calls. When a test panics, its log is printed.
pub struct TestPlugin {
    client: Client,
    info: InfoResponse,
    log: Log,
    /// Says that the plugin has come to its end.
    ended: oneshot::Receiver<()>,
}

impl TestPlugin {
    pub(super) async fn start(harness: Harness) -> Result<Self, LaunchError> {
        let mut log = Log {
            said: Capture::default(),
            is_wanted: true,
        };
        let (ours, plugins) = tokio::io::duplex(BUFFER);
        let (end, ended) = oneshot::channel();
        let redactor = Redactor::default();
        let scope = Scope::new(
            harness.server.info.name(),
            log.said.clone(),
            redactor.clone(),
        );
        let serve = move || {
            serve(harness.server, Box::new(plugins), &scope, redactor);
            drop(end);
        };
        thread::Builder::new()
            .name("cvtplugin-harness".into())
            .spawn(serve)
            .map_err(LaunchError::Connect)?;
        let channel = Channel::over(Box::new(ours)).await;
        let client = Client::new(channel.map_err(LaunchError::Connect)?, harness.call_timeout);
        let info = client.introduce(harness.call_timeout).await?;
        client.configure(&harness.config).await?;
        log.is_wanted = false;
        Ok(Self {
            client,
            info,
            log,
            ended,
        })
    }

    /// Who the plugin says it is.
    pub fn info(&self) -> &InfoResponse {
        &self.info
    }

    /// What the plugin has logged, and will log: also after its end, to whoever clones this.
    pub fn captured(&self) -> &Capture {
        &self.log.said
    }

    /// Asks the plugin to end as CVT does, and waits for its end: calls in flight are answered,
    /// and its `shutdown` has run.
    pub async fn shutdown(self) {
        self.client.ask_to_end().await;
        drop(self.client);
        // It is never sent, but dropped with the thread.
        let _ = self.ended.await;
    }
}

impl Deref for TestPlugin {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl fmt::Debug for TestPlugin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestPlugin")
            .field("info", &self.info)
            .finish_non_exhaustive()
    }
}

/// The log, for whoever reads why a test has failed.
struct Log {
    said: Capture,
    /// Whether the plugin has not started.
    is_wanted: bool,
}

impl Drop for Log {
    fn drop(&mut self) {
        if self.is_wanted || thread::panicking() {
            for record in self.said.logs() {
                eprint!("{}", record.to_line());
            }
        }
    }
}

/// Serves one connection on this thread, until its end.
fn serve(server: Server, stream: Stream, scope: &Scope, redactor: Redactor) {
    let _entered = scope.enter();
    if let Err(why) = try_to_serve(server, stream, scope.clone(), redactor) {
        // The other end of the connection is closed by now, and the test sees that.
        tracing::error!("the harness cannot serve: {why}");
    }
}

fn try_to_serve(
    server: Server,
    stream: Stream,
    scope: Scope,
    redactor: Redactor,
) -> Result<(), StartError> {
    let hook = ThreadHook::new(move || scope.enter());
    let engine = Engine::start(&server.runtime, hook).map_err(StartError::Engine)?;
    let security = Security::with_host(None).map_err(StartError::Tls)?;
    let output = Arc::new(Output::default());
    let session = Session::new(server, &engine, security, output, redactor)?;
    let served = engine.run(async move {
        let connection = async {
            session.connections.serve(stream).await;
            // A test that drops its plugin wants it to end as much as one that says so.
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
        drop(served);
        engine.end();
    });
    Ok(())
}
