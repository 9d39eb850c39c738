//! A registry: a real HTTP server on this machine.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body, Frame, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{HeaderMap, Method, Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::timeout;

/// How long anything that is awaited may take: a limit for a test that failed, no measure.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) type Answer = Response<BoxBody<Bytes, Infallible>>;

/// What a request is answered with; its number comes with it.
type Answering = dyn Fn(usize, &Seen) -> Option<Answer> + Send + Sync;

/// A request that the registry got.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: Method,
    /// As in the request line.
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).into_iter();
        let value = values.next()?.to_str().expect("text");
        assert_eq!(values.next(), None, "{name} is there twice");
        Some(value)
    }
}

/// A registry that answers until the test ends.
pub(crate) struct Registry {
    address: SocketAddr,
    state: Arc<State>,
}

struct State {
    answer: Box<Answering>,
    seen: Mutex<Vec<Seen>>,
    connections: AtomicUsize,
    /// How many requests were left without an answer, and then given up by the plugin.
    given_up: watch::Sender<usize>,
}

impl Registry {
    /// Answers each request with what `answer` says of it and its number; with `None`, never.
    pub(crate) async fn start(
        answer: impl Fn(usize, &Seen) -> Option<Answer> + Send + Sync + 'static,
    ) -> Self {
        Self::start_with(answer, async |_, stream| Some(stream)).await
    }

    /// Answers every request alike.
    pub(crate) async fn answering(status: u16) -> Self {
        Self::start(move |_, _| Some(answer(status, ""))).await
    }

    /// The same, with a say in every connection: its number comes with it.
    pub(crate) async fn start_with<S, F>(
        answer: impl Fn(usize, &Seen) -> Option<Answer> + Send + Sync + 'static,
        accept: impl Fn(usize, TcpStream) -> F + Send + Sync + 'static,
    ) -> Self
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        F: Future<Output = Option<S>> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(State {
            answer: Box::new(answer),
            seen: Mutex::default(),
            connections: AtomicUsize::new(0),
            given_up: watch::Sender::new(0),
        });
        let served = state.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let number = served.connections.fetch_add(1, Ordering::Relaxed);
                let accepted = accept(number, stream);
                let served = served.clone();
                tokio::spawn(async move {
                    if let Some(stream) = accepted.await {
                        let service = service_fn(|request| served.serve(request));
                        let connection = http1::Builder::new();
                        // A plugin that hangs up is what some tests are about.
                        let _ = connection
                            .serve_connection(TokioIo::new(stream), service)
                            .await;
                    }
                });
            }
        });
        Self { address, state }
    }

    /// The URL of `path` here.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// Every request so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.state.seen.lock().expect("no panic").clone()
    }

    /// The only request so far.
    pub(crate) fn only(&self) -> Seen {
        let seen = self.seen();
        assert_eq!(seen.len(), 1, "{seen:?}");
        seen[0].clone()
    }

    /// The connections accepted so far.
    pub(crate) fn connections(&self) -> usize {
        self.state.connections.load(Ordering::Relaxed)
    }

    /// Waits until the plugin has given up on a request that got no answer.
    pub(crate) async fn given_up(&self) {
        let mut given_up = self.state.given_up.subscribe();
        let given_up = timeout(PATIENCE, given_up.wait_for(|count| *count > 0));
        given_up.await.expect("in time").expect("a registry");
    }
}

impl State {
    async fn serve(&self, request: Request<Incoming>) -> Result<Answer, hyper::Error> {
        let (head, body) = request.into_parts();
        let seen = Seen {
            method: head.method,
            target: head.uri.to_string(),
            headers: head.headers,
            body: body.collect().await?.to_bytes(),
        };
        let number = {
            let mut all = self.seen.lock().expect("no panic");
            all.push(seen.clone());
            all.len() - 1
        };
        if let Some(answer) = (self.answer)(number, &seen) {
            return Ok(answer);
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

/// An answer.
pub(crate) fn answer(status: u16, body: impl Into<Bytes>) -> Answer {
    let mut response = Response::new(Full::new(body.into()).boxed());
    *response.status_mut() = status.try_into().expect("a status");
    response
}

/// An answer with a header.
pub(crate) fn answer_with(status: u16, name: &'static str, value: &str) -> Answer {
    let mut response = answer(status, "");
    response
        .headers_mut()
        .insert(name, value.parse().expect("a header"));
    response
}

/// An answer of `size` bytes, whose size nobody knows beforehand.
pub(crate) fn stream(size: u64) -> (Answer, Stream) {
    let sent = watch::Sender::new((0, false));
    let stream = Stream(sent.subscribe());
    (Response::new(Chunks { left: size, sent }.boxed()), stream)
}

/// How much of an answer was sent, and whether that is all that ever will be.
pub(crate) struct Stream(watch::Receiver<(u64, bool)>);

impl Stream {
    /// Waits for the end, whoever ends it, and says how much was sent.
    pub(crate) async fn end(mut self) -> u64 {
        let ended = timeout(PATIENCE, self.0.wait_for(|(_, ended)| *ended));
        ended.await.expect("in time").expect("a body").0
    }
}

struct Chunks {
    left: u64,
    sent: watch::Sender<(u64, bool)>,
}

impl Body for Chunks {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        static CHUNK: [u8; 64 * 1024] = [b' '; 64 * 1024];
        let size = usize::try_from(self.left).map_or(CHUNK.len(), |left| left.min(CHUNK.len()));
        if size == 0 {
            return Poll::Ready(None);
        }
        self.left -= size as u64;
        self.sent.send_modify(|(sent, _)| *sent += size as u64);
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&CHUNK[..size])))))
    }
}

impl Drop for Chunks {
    fn drop(&mut self) {
        self.sent.send_modify(|(_, ended)| *ended = true);
    }
}
