//! Serves connections.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio_util::task::TaskTracker;

use super::answer_body::PIECE;
use super::answers::answers;
use super::limits::MAX_CONNECTIONS;
use super::router::Router;
use super::shutdown::Shutdown;
use crate::process::{Connections, Listener};
use crate::stream::Stream;
use crate::tls::Tls;

/// HTTP/2 lets a peer send this much before it has to wait. The larger, the faster big requests.
const WINDOW: u32 = 1024 * 1024;

/// The largest set of headers, in bytes.
const MAX_HEADERS: u32 = 64 * 1024;

/// How many calls may be cancelled before they were so much as looked at.
const MAX_RESETS: usize = 1024;

/// How long to leave a listener alone that fails, for want of descriptors for instance.
const BACK_OFF: Duration = Duration::from_millis(50);

/// Accepts and serves connections until they are to close.
pub(crate) async fn serve_connections(
    listener: &Listener,
    security: Arc<Tls>,
    router: Arc<Router>,
    shutdown: Shutdown,
    counted: Connections,
) {
    let connections = TaskTracker::new();
    // Whoever floods the plugin with connections is not to flood its log, too.
    let mut has_warned = false;
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = shutdown.closing() => break,
        };
        match accepted {
            Ok(_) if connections.len() >= MAX_CONNECTIONS => {
                if !std::mem::replace(&mut has_warned, true) {
                    tracing::warn!(limit = MAX_CONNECTIONS, "refusing connections: too many");
                }
            }
            Ok(stream) => {
                has_warned = false;
                let (security, router) = (security.clone(), router.clone());
                let (open, shutdown) = (counted.open(), shutdown.clone());
                connections.spawn(async move {
                    serve_connection(stream, security, router, shutdown).await;
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
    connections.close();
    connections.wait().await;
}

/// Serves one connection until its peer closes it, or it is to close and has nothing to answer.
pub(crate) async fn serve_connection(
    stream: Stream,
    security: Arc<Tls>,
    router: Arc<Router>,
    shutdown: Shutdown,
) {
    let stream = match security.secure(stream).await {
        Ok(stream) => stream,
        Err(error) => {
            tracing::warn!(%error, "refused a connection");
            return;
        }
    };
    let service = service_fn(move |request: Request<Incoming>| {
        let router = router.clone();
        async move { Ok::<_, Infallible>(router.answer(request).await) }
    });
    let (executor, mut answers) = answers();
    let connection = http2::Builder::new(executor)
        .initial_stream_window_size(WINDOW)
        .initial_connection_window_size(WINDOW)
        .max_header_list_size(MAX_HEADERS)
        // As little as can be is queued behind the host's back: see `answer_body`.
        .max_send_buf_size(PIECE)
        // Calls that the host cancels in a burst are no attack.
        .max_pending_accept_reset_streams(MAX_RESETS)
        // Each request that is refused before it was all sent counts here for as long as the
        // connection lives, which is as long as the host: no number is large enough.
        .max_local_error_reset_streams(None)
        // gRPC does not need it, and before 1970 and after 9999 there is no such date.
        .auto_date_header(false)
        // A limit here would make the host queue its calls, and `Shutdown` with them.
        .max_concurrent_streams(None)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = answers.beside(connection.as_mut()) => ended,
        () = shutdown.closing() => {
            connection.as_mut().graceful_shutdown();
            answers.beside(connection).await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke");
    }
}
