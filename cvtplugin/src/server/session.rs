//! A plugin that is being served: what its process, the test harness and the fuzz targets share.

use std::sync::Arc;
use std::time::Duration;

use super::Server;
use super::dispatch::dispatcher::Dispatcher;
use super::dispatch::hooks::Hooks;
use super::dispatch::scheduler::Engine;
use super::services;
use super::shutdown::Shutdown;
use super::start_error::StartError;
use super::transport::admission::{Admission, Class};
use super::transport::connection::Connections;
use super::transport::router::Router;
use crate::first_time::FirstTime;
use crate::pb::handshake::v1::InfoResponse;
use crate::process::{ConnectionCount, Output};
use crate::protocol::PROTOCOL_VERSION;
use crate::redaction::Redactor;
use crate::tls::Tls;

/// How long what was printed may take to be there, and then to be sent, before `Shutdown` gets its
/// response: the host listens no longer than that.
const OUTPUT_TIMEOUT: Duration = Duration::from_millis(50);

/// How long connections may take to close. By then all that is worth waiting for has been sent.
const CLOSE_TIMEOUT: Duration = Duration::from_millis(150);

/// A plugin that is being served, whoever connects to it.
pub(crate) struct Session {
    pub(crate) connections: Connections,
    hooks: Arc<dyn Hooks>,
    output: Arc<Output>,
}

impl Session {
    /// Puts together all that `server` serves, to be run by `engine`.
    #[cfg_attr(
        not(feature = "reflection"),
        expect(clippy::unnecessary_wraps, reason = "reflection can fail")
    )]
    pub(crate) fn new(
        server: Server,
        engine: &Engine,
        tls: Tls,
        output: Arc<Output>,
        redactor: Redactor,
        log_file_error: Option<String>,
    ) -> Result<Self, StartError> {
        let shutdown = Shutdown::default();
        let dispatcher = Dispatcher::new(
            engine.scheduler(),
            shutdown.clone(),
            redactor,
            log_file_error,
        );
        let hooks = (server.hooks)(&dispatcher);
        let info = InfoResponse::default()
            .name(server.info.name())
            .version(server.info.version())
            .services(server.extensions.iter().map(|extension| extension.name))
            .protocol_version(PROTOCOL_VERSION);
        let mut router = Router::default();
        router.for_each(
            Class::Control,
            services::handshake(info, hooks.clone(), dispatcher.clone()),
        );
        for extension in server.extensions {
            (extension.add)(&dispatcher, &mut router);
        }
        router.control(engine.protocol().block_on(services::health()));
        router.control(services::controller(shutdown.clone()));
        router.control(services::stdio(output.clone(), shutdown.clone()));
        router.streaming(services::broker(shutdown.clone()));
        #[cfg(feature = "reflection")]
        services::add_reflection(&mut router).map_err(StartError::reflection)?;
        Ok(Self {
            connections: Connections {
                tls: Arc::new(tls),
                router: Arc::new(router),
                admission: Admission::new(shutdown.clone()),
                shutdown,
                count: ConnectionCount::default(),
                refusals: FirstTime::default(),
                closings: FirstTime::default(),
            },
            hooks,
            output,
        })
    }

    /// The steps of the plugin's end.
    pub(crate) fn shutdown(&self) -> &Shutdown {
        &self.connections.shutdown
    }

    /// Starts the plugin, and waits until its shutdown is requested.
    pub(crate) async fn start(&self) {
        let start = async {
            // Whatever comes of the constructor, `Info` tells the host.
            let _ = self.hooks.ready().await;
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = start => {}
            () = self.shutdown().requested() => {}
        }
    }

    /// Shuts the plugin down: drains calls in flight, runs `shutdown`, closes connections.
    pub(crate) async fn shut_down(&self) {
        let shutdown = self.shutdown();
        shutdown.request();
        shutdown.drain().await;
        self.output.flush(OUTPUT_TIMEOUT).await;
        shutdown.end_streams(OUTPUT_TIMEOUT).await;
        self.hooks.shutdown().await;
        shutdown.close();
        // The connections end before this, unless their peers hold on to them.
        tokio::time::sleep(CLOSE_TIMEOUT).await;
    }
}
