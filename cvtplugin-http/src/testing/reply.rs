//! What the server responds.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Full};
use hyper::Response;
use hyper::body::{Body, Frame};
use reqwest::header::{HeaderName, HeaderValue};
use tokio::sync::watch;
use tokio::time::timeout;

/// How long anything that is awaited may take: a limit for a test that failed, no measure.
pub(super) const TIMEOUT: Duration = Duration::from_secs(20);

/// A response. Its headers and its body can be changed.
pub type Reply = Response<BoxBody<Bytes, Infallible>>;

/// A response with a status and a body.
///
/// # Panics
///
/// If that is not a status.
pub fn respond(status: u16, body: impl Into<Bytes>) -> Reply {
    let mut response = Response::new(Full::new(body.into()).boxed());
    *response.status_mut() = status.try_into().expect("a status");
    response
}

/// A response with a status, headers and a body.
///
/// # Panics
///
/// If that is not a status, or a header is malformed.
pub fn respond_with<'a>(
    status: u16,
    headers: impl IntoIterator<Item = (&'a str, impl AsRef<str>)>,
    body: impl Into<Bytes>,
) -> Reply {
    let mut response = respond(status, body);
    for (name, value) in headers {
        let name: HeaderName = name.parse().expect("the name of a header");
        let value: HeaderValue = value.as_ref().parse().expect("the value of a header");
        response.headers_mut().append(name, value);
    }
    response
}

/// A response with a body of `size` bytes, whose size the head does not declare. It is JSON: `{}`
/// followed by spaces.
pub fn stream(size: u64) -> (Reply, StreamedBody) {
    let sent = watch::Sender::new(Progress::default());
    let body = StreamedBody(sent.subscribe());
    let (first, left) = (b"{}".as_slice(), size);
    (Response::new(Chunks { first, left, sent }.boxed()), body)
}

/// How much of a body was sent.
#[derive(Debug)]
pub struct StreamedBody(watch::Receiver<Progress>);

#[derive(Debug, Default)]
struct Progress {
    sent: u64,
    has_ended: bool,
}

impl StreamedBody {
    /// Waits until nothing more will be sent, and returns how much was.
    ///
    /// # Panics
    ///
    /// If that takes longer than 20 seconds.
    pub async fn end(mut self) -> u64 {
        let ended = timeout(TIMEOUT, self.0.wait_for(|progress| progress.has_ended));
        ended.await.expect("an end in time").expect("a body").sent
    }
}

struct Chunks {
    first: &'static [u8],
    left: u64,
    sent: watch::Sender<Progress>,
}

impl Body for Chunks {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        static CHUNK: [u8; 64 * 1024] = [b' '; 64 * 1024];
        let chunk = match std::mem::take(&mut self.first) {
            [] => &CHUNK,
            first => first,
        };
        let size = usize::try_from(self.left).map_or(chunk.len(), |left| left.min(chunk.len()));
        if size == 0 {
            return Poll::Ready(None);
        }
        self.left -= size as u64;
        self.sent
            .send_modify(|progress| progress.sent += size as u64);
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&chunk[..size])))))
    }
}

impl Drop for Chunks {
    fn drop(&mut self) {
        self.sent.send_modify(|progress| progress.has_ended = true);
    }
}
