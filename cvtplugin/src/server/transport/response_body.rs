//! The body of a response on its way to the host.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::Response;
use hyper::body::{Body as HttpBody, Frame};
use tonic::Status;
use tonic::body::Body;

use super::admission::RequestPermit;

/// HTTP/2's usual frame. What is handed out in larger chunks is queued whole, however slowly the
/// host reads.
pub(crate) const MAX_CHUNK: usize = 16 * 1024;

/// Keeps the permit until the response is sent, but for a chunk: the host closes the connection as
/// soon as `Shutdown` has its response, and would cut a big one off.
pub(crate) fn track_until_sent(response: Response<Body>, permit: RequestPermit) -> Response<Body> {
    response.map(|body| {
        Body::new(ResponseBody {
            body,
            rest: Bytes::new(),
            _permit: permit,
        })
    })
}

struct ResponseBody {
    body: Body,
    /// What is left of the frame that is being handed out.
    rest: Bytes,
    _permit: RequestPermit,
}

impl HttpBody for ResponseBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if self.rest.is_empty() {
            match ready!(Pin::new(&mut self.body).poll_frame(context)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => self.rest = data,
                    Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
                },
                other => return Poll::Ready(other),
            }
        }
        let length = self.rest.len().min(MAX_CHUNK);
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(length)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }
}

#[cfg(test)]
mod tests {
    use http::Request;
    use http_body_util::{BodyExt as _, Full};

    use super::*;
    use crate::server::shutdown::Shutdown;
    use crate::server::transport::admission::{Admission, Class};

    #[tokio::test]
    async fn call_is_in_flight_until_the_last_chunk_of_its_response() {
        let shutdown = Shutdown::default();
        let peer = Admission::new(shutdown.clone()).connect();
        let permit = peer.admit(Class::Call, &Request::new(()));
        let mut permit = permit.expect("a permit");
        permit.begin().expect("not shutting down");
        let spec = Bytes::from(vec![b'x'; 2 * MAX_CHUNK + 1]);
        let response = Response::new(Body::new(Full::new(spec)));
        let mut body = track_until_sent(response, permit).into_body();
        for length in [MAX_CHUNK, MAX_CHUNK, 1] {
            assert_eq!(shutdown.in_flight(), 1);
            let frame = body.frame().await.expect("a frame").expect("no error");
            assert_eq!(frame.into_data().expect("data").len(), length);
        }
        assert!(body.frame().await.is_none());
        drop(body);
        assert_eq!(shutdown.in_flight(), 0);
    }
}
