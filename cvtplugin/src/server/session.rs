//! A plugin that is being served: what its process and the test harness have in common.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;

use super::Server;
use super::calls::Calls;
use super::hooks::Hooks;
use super::router::Router;
use super::services;
use super::shutdown::Shutdown;
use crate::PROTOCOL_VERSION;
use crate::pb::handshake::v1::InfoResponse;
use crate::process::{Output, StartError};
use crate::redaction::Redactor;

/// How long what was printed may take to be there, and then to be sent, before `Shutdown` is
/// answered: the host listens no longer than that.
const OUTPUT_BUDGET: Duration = Duration::from_millis(50);

/// How long connections may take to close. By then all that is worth waiting for has been said.
const CLOSE_BUDGET: Duration = Duration::from_millis(150);

/// A plugin that is being served, whoever connects to it.
pub(crate) struct Session {
    pub(crate) router: Arc<Router>,
    pub(crate) shutdown: Shutdown,
    hooks: Arc<dyn Hooks>,
    calls: Calls,
    output: Arc<Output>,
}

impl Session {
    /// Puts together all that `server` serves. The author's code runs on `handlers`.
    pub(crate) async fn new(
        server: Server,
        handlers: &Handle,
        shutdown: Shutdown,
        output: Arc<Output>,
        redactor: Redactor,
    ) -> Result<Self, StartError> {
        let calls = Calls::new(handlers.clone(), shutdown.clone(), redactor);
        let hooks = server.hooks.clone();
        let router = router(server, &calls, output.clone(), &shutdown).await?;
        Ok(Self {
            router: Arc::new(router),
            shutdown,
            hooks,
            calls,
            output,
        })
    }

    /// Starts the plugin, and waits until its end is asked for.
    pub(crate) async fn start(&self) {
        let start = async {
            // Whatever comes of the constructor, `Info` tells the host.
            let _ = self.hooks.ready(&self.calls).await;
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = start => {}
            () = self.shutdown.requested() => {}
        }
    }

    /// Takes the plugin to its end: calls in flight, the author's `shutdown`, connections.
    pub(crate) async fn wind_up(&self) {
        self.shutdown.request();
        self.shutdown.drain().await;
        self.output.settle(OUTPUT_BUDGET).await;
        self.shutdown.end_streams(OUTPUT_BUDGET).await;
        self.hooks.shutdown().await;
        self.shutdown.close();
        // The connections end before this, unless their peers hold on to them.
        tokio::time::sleep(CLOSE_BUDGET).await;
    }
}

/// Everything that is served.
async fn router(
    server: Server,
    calls: &Calls,
    output: Arc<Output>,
    shutdown: &Shutdown,
) -> Result<Router, StartError> {
    let info = InfoResponse::default()
        .name(server.info.name())
        .version(server.info.version())
        .services(server.extensions.iter().map(|extension| extension.name))
        .protocol_version(PROTOCOL_VERSION);
    let mut router = Router::default();
    router.unary(services::handshake(info, calls.clone(), server.hooks));
    for extension in server.extensions {
        (extension.add)(calls.clone(), &mut router);
    }
    router.unary(services::health().await);
    router.unary(services::controller(shutdown.clone()));
    router.unary(services::stdio(output, shutdown.clone()));
    router.streaming(services::broker(shutdown.clone()));
    #[cfg(feature = "reflection")]
    services::add_reflection(&mut router).map_err(StartError::Reflection)?;
    Ok(router)
}
