//! The connection to a plugin: HTTP/2 over its Unix socket, or over TCP.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::{Request, Response, Uri};
use hyper::body::Incoming;
use hyper::client::conn::http2::{self, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::{TcpStream, UnixStream};
use tonic::Status;
use tonic::body::Body;
use tonic::codegen::Service;

use crate::connection::Connection;
use crate::handshake_line::HandshakeLine;
use crate::tls::Connector;

/// How many bytes the plugin may send before it has to wait, by HTTP/2. Specs are large.
const WINDOW: u32 = 1024 * 1024;

/// The most bytes of a response's headers and trailers, as with a host in Go. Messages of errors
/// are among them.
const MAX_HEADERS: u32 = 16 * 1024 * 1024;

/// A connection, shared by its clones.
#[derive(Clone)]
pub(crate) struct Channel {
    requests: SendRequest<Body>,
}

impl Channel {
    pub(super) async fn connect(
        plugin: &HandshakeLine,
        tls: Option<&Connector>,
    ) -> io::Result<Self> {
        let mut stream = open(plugin).await?;
        if let Some(tls) = tls {
            stream = tls.connect(stream).await?;
        }
        Self::over(stream).await
    }

    /// Connects to the other end of `stream`.
    pub(crate) async fn over(stream: Connection) -> io::Result<Self> {
        let (requests, connection) = http2::Builder::new(TokioExecutor::new())
            .initial_stream_window_size(WINDOW)
            .initial_connection_window_size(WINDOW)
            .max_header_list_size(MAX_HEADERS)
            .handshake(TokioIo::new(stream))
            .await
            .map_err(io::Error::other)?;
        // It ends with the last clone of `requests`, or with the plugin, at which calls fail.
        tokio::spawn(connection);
        Ok(Self { requests })
    }

    /// The origin of every request. Plugins ignore it.
    pub(super) fn origin() -> Uri {
        Uri::from_static("http://unused")
    }
}

async fn open(plugin: &HandshakeLine) -> io::Result<Connection> {
    if plugin.network == "unix" {
        return Ok(Box::new(UnixStream::connect(&plugin.address).await?));
    }
    let stream = TcpStream::connect(&plugin.address).await?;
    // Requests are small, and their responses awaited.
    stream.set_nodelay(true)?;
    Ok(Box::new(stream))
}

impl Service<Request<Body>> for Channel {
    type Response = Response<Incoming>;
    type Error = Status;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Status>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Status>> {
        // The generated clients turn an error here into `Unknown`; the call has a better one.
        self.requests.poll_ready(context).map(|_| Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let response = self.requests.send_request(request);
        Box::pin(async { response.await.map_err(|error| broken(&error)) })
    }
}

fn broken(error: &hyper::Error) -> Status {
    Status::unavailable(format!("the connection to the plugin broke: {error}"))
}
