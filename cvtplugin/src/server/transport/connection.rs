//! Serves connections.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::{Arc, Weak};
use std::time::Duration;

use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio_util::task::TaskTracker;

use super::ack_batching::AckBatching;
use super::admission::{Admission, Peer};
use super::connection_executor::connection_executor;
use super::fair_reads::FairReads;
use super::response_body::MAX_CHUNK;
use super::router::Router;
use crate::connection::Connection;
use crate::first_time::FirstTime;
use crate::process::{ConnectionCount, Listener};
use crate::server::shutdown::Shutdown;
use crate::tls::Tls;

/// Open connections. A host needs one.
const MAX_CONNECTIONS: usize = 2 * 1024;

/// HTTP/2 lets a peer send this much before it has to wait. The larger, the faster big requests.
const WINDOW: u32 = 1024 * 1024;

/// The largest set of headers, in bytes.
const MAX_HEADERS: u32 = 64 * 1024;

/// How many calls may be cancelled before they were so much as looked at.
const MAX_RESETS: usize = 1024;

/// Streams of one connection. Far more than there may be calls, so that no host ever waits for one:
/// it bounds what is queued for a peer that sends requests and reads no response.
const MAX_STREAMS: u32 = 64 * 1024;

/// How long to leave a listener alone that fails, for want of descriptors for instance.
const BACK_OFF: Duration = Duration::from_millis(50);

/// What all connections share. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Connections {
    pub(crate) tls: Arc<Tls>,
    pub(crate) router: Arc<Router>,
    pub(crate) admission: Admission,
    pub(crate) shutdown: Shutdown,
    /// For the watch on the host.
    pub(crate) count: ConnectionCount,
    pub(crate) refusals: FirstTime,
    pub(crate) closings: FirstTime,
}

impl Connections {
    /// Accepts and serves connections until they are to close.
    pub(crate) async fn accept_from(&self, listener: &Listener) {
        let tasks = TaskTracker::new();
        let mut peers: Vec<Weak<Peer>> = Vec::new();
        // Whoever floods the plugin with connections is not to flood its log, too.
        let mut has_warned = false;
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = self.shutdown.closing() => break,
            };
            match accepted {
                Ok(_) if tasks.len() >= MAX_CONNECTIONS && !evict(&mut peers) => {
                    if !std::mem::replace(&mut has_warned, true) {
                        tracing::warn!(limit = MAX_CONNECTIONS, "refusing connections: too many");
                    }
                }
                Ok(stream) => {
                    has_warned = false;
                    let peer = self.admission.connect();
                    // Those that have gone, once they are half of all.
                    if peers.len() > 2 * tasks.len() {
                        peers.retain(|peer| peer.strong_count() > 0);
                    }
                    peers.push(Arc::downgrade(&peer));
                    let (connections, open) = (self.clone(), self.count.open());
                    tasks.spawn(async move {
                        connections.serve_peer(stream, peer).await;
                        drop(open);
                    });
                }
                Err(error) => {
                    if !std::mem::replace(&mut has_warned, true) {
                        tracing::warn!(%error, "cannot accept connections");
                    }
                    tokio::time::sleep(BACK_OFF).await;
                }
            }
        }
        tasks.close();
        tasks.wait().await;
    }

    /// Serves one connection until its peer closes it, or it is to close and has nothing to send.
    #[cfg(any(feature = "testing", cvtplugin_fuzzing))]
    pub(crate) async fn serve(&self, stream: Connection) {
        self.serve_peer(stream, self.admission.connect()).await;
    }

    async fn serve_peer(&self, stream: Connection, peer: Arc<Peer>) {
        let stream = match self.tls.secure(stream).await {
            Ok(stream) => stream,
            Err(error) => {
                if self.refusals.happens() {
                    tracing::warn!(%error, "refused a connection; others are logged at debug");
                } else {
                    tracing::debug!(%error, "refused a connection");
                }
                return;
            }
        };
        tokio::select! {
            () = self.serve_stream(stream, peer.clone()) => {}
            () = peer.over_limit() => self.log_closing(),
        }
    }

    fn log_closing(&self) {
        const WHY: &str = "closing a connection: over its limit, or idle while others wait";
        if self.closings.happens() {
            tracing::warn!("{WHY}; others are logged at debug");
        } else {
            tracing::debug!("{WHY}");
        }
    }

    async fn serve_stream(&self, stream: Connection, peer: Arc<Peer>) {
        let router = self.router.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let (router, peer) = (router.clone(), peer.clone());
            // Boxed at once: hyper copies it from future to future.
            Box::pin(async move { Ok::<_, Infallible>(router.respond(request, &peer).await) })
        });
        let (executor, mut responses) = connection_executor();
        let stream = AckBatching::new(FairReads::new(stream));
        let connection = http2::Builder::new(executor)
            .initial_stream_window_size(WINDOW)
            .initial_connection_window_size(WINDOW)
            .max_header_list_size(MAX_HEADERS)
            // gRPC needs none, and hyper cannot write one for every clock.
            .auto_date_header(false)
            // As little as can be is queued behind the host's back: see `response_body`.
            .max_send_buf_size(MAX_CHUNK)
            // Calls that the host cancels in a burst are not an attack.
            .max_pending_accept_reset_streams(MAX_RESETS)
            // Each request that is refused before it was all sent counts here for as long as the
            // connection lives, which is as long as the host: no number is large enough.
            .max_local_error_reset_streams(None)
            .max_concurrent_streams(MAX_STREAMS)
            .serve_connection(TokioIo::new(stream), service);
        let mut connection = pin!(connection);
        let ended = tokio::select! {
            ended = responses.drive(connection.as_mut()) => ended,
            () = self.shutdown.closing() => {
                connection.as_mut().graceful_shutdown();
                // By now the host has its last response, and need not read on.
                let _ = responses.drive(connection).await;
                Ok(())
            }
        };
        if let Err(error) = ended {
            tracing::debug!(
                error = &error as &dyn std::error::Error,
                "a connection broke"
            );
        }
    }
}

/// Makes room for a connection by closing one without requests; `false` if there is none.
fn evict(peers: &mut Vec<Weak<Peer>>) -> bool {
    peers.retain(|peer| peer.strong_count() > 0);
    // The oldest come first.
    let idle = peers.iter().position(|peer| {
        let peer = peer.upgrade();
        peer.is_some_and(|peer| peer.is_idle())
    });
    let Some(idle) = idle else {
        return false;
    };
    if let Some(peer) = peers.remove(idle).upgrade() {
        peer.evict();
    }
    true
}
