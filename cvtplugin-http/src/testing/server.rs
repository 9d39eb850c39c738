//! The server, and what it has received.

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use reqwest::Method;
use reqwest::header::HeaderMap;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::timeout;

use super::reply::{Reply, TIMEOUT, respond};

type Responder = dyn Fn(usize, &Received) -> Option<Reply> + Send + Sync;

/// A request that the server has received.
#[derive(Clone, Debug)]
pub struct Received {
    /// The method.
    pub method: Method,
    /// The target as in the request line: a path, or a URL where the server is a proxy.
    pub target: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

impl Received {
    /// The value of a header, if there is one.
    ///
    /// # Panics
    ///
    /// If it is there twice, or is not text.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).into_iter();
        let value = values.next()?.to_str().expect("text");
        assert_eq!(values.next(), None, "{name} is there twice");
        Some(value)
    }
}

/// An HTTP/1.1 server that runs until the test ends.
pub struct HttpServer {
    address: SocketAddr,
    state: Arc<State>,
}

struct State {
    respond: Box<Responder>,
    received: watch::Sender<Vec<Received>>,
    connections: Mutex<usize>,
    /// How many requests were left without a response, and then given up by the client.
    given_up: watch::Sender<usize>,
}

impl HttpServer {
    /// Responds to each request with what `respond` returns for its number, from 0, and for the
    /// request itself. `None` means never.
    ///
    /// # Panics
    ///
    /// If there is no free port.
    pub async fn start(
        respond: impl Fn(usize, &Received) -> Option<Reply> + Send + Sync + 'static,
    ) -> Self {
        Self::start_with(respond, async |_, stream| Some(stream)).await
    }

    /// Responds to every request with the same status and body.
    pub async fn responding(status: u16, body: &'static str) -> Self {
        Self::start(move |_, _| Some(respond(status, body))).await
    }

    /// Like [`start`](Self::start), but lets `accept` see each connection first, with its number:
    /// to wrap it in TLS, or to close it by returning `None`.
    ///
    /// # Panics
    ///
    /// If there is no free port.
    pub async fn start_with<S, F>(
        respond: impl Fn(usize, &Received) -> Option<Reply> + Send + Sync + 'static,
        accept: impl Fn(usize, TcpStream) -> F + Send + Sync + 'static,
    ) -> Self
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        F: Future<Output = Option<S>> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(State {
            respond: Box::new(respond),
            received: watch::Sender::default(),
            connections: Mutex::default(),
            given_up: watch::Sender::default(),
        });
        let served = state.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let accepted = accept(served.count_connection(), stream);
                tokio::spawn(served.clone().serve(accepted));
            }
        });
        Self { address, state }
    }

    /// The URL of `path` at this server.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The server's port, on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Every request so far.
    pub fn received(&self) -> Vec<Received> {
        self.state.received.borrow().clone()
    }

    /// The only request so far.
    ///
    /// # Panics
    ///
    /// If there was none, or more than one.
    pub fn only(&self) -> Received {
        let received = self.received();
        assert_eq!(received.len(), 1, "{received:?}");
        received[0].clone()
    }

    /// Waits until there were `count` requests, and returns all of them.
    ///
    /// # Panics
    ///
    /// If that takes longer than 20 seconds.
    pub async fn wait_for(&self, count: usize) -> Vec<Received> {
        let mut received = self.state.received.subscribe();
        let enough = timeout(TIMEOUT, received.wait_for(|all| all.len() >= count));
        enough
            .await
            .expect("requests in time")
            .expect("a server")
            .clone()
    }

    /// How many connections were accepted so far.
    pub fn connections(&self) -> usize {
        *self.state.lock_connections()
    }

    /// Waits until the client has given up on a request that got no response.
    ///
    /// # Panics
    ///
    /// If that takes longer than 20 seconds.
    pub async fn given_up(&self) {
        let mut given_up = self.state.given_up.subscribe();
        let given_up = timeout(TIMEOUT, given_up.wait_for(|count| *count > 0));
        given_up.await.expect("given up in time").expect("a server");
    }
}

impl fmt::Debug for HttpServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpServer")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl State {
    fn lock_connections(&self) -> std::sync::MutexGuard<'_, usize> {
        self.connections
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of the next connection.
    fn count_connection(&self) -> usize {
        let mut count = self.lock_connections();
        *count += 1;
        *count - 1
    }

    async fn serve<S>(self: Arc<Self>, accepted: impl Future<Output = Option<S>>)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        if let Some(stream) = accepted.await {
            let service = service_fn(|request| self.respond(request));
            let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            // A client that hangs up is what some tests are about.
            let _ = connection.await;
        }
    }

    async fn respond(&self, request: Request<Incoming>) -> Result<Reply, hyper::Error> {
        let (head, body) = request.into_parts();
        let received = Received {
            method: head.method,
            target: head.uri.to_string(),
            headers: head.headers,
            body: body.collect().await?.to_bytes(),
        };
        let mut number = 0;
        self.received.send_modify(|all| {
            number = all.len();
            all.push(received.clone());
        });
        if let Some(reply) = (self.respond)(number, &received) {
            return Ok(reply);
        }
        let _given_up = OnDrop(|| self.given_up.send_modify(|count| *count += 1));
        std::future::pending().await
    }
}

struct OnDrop<F: Fn()>(F);

impl<F: Fn()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}
