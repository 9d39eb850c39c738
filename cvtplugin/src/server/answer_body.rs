//! The body of an answer on its way to the host.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::Response;
use hyper::body::{Body as HttpBody, Frame};
use tokio_util::task::task_tracker::TaskTrackerToken;
use tonic::Status;
use tonic::body::Body;

/// HTTP/2's usual frame. What is handed out in larger pieces is queued whole, however slowly the
/// host reads.
pub(crate) const PIECE: usize = 16 * 1024;

/// Keeps the call, whose token is among the answer's extensions, in flight until its answer is
/// sent, but for a piece: the host closes the connection as soon as `Shutdown` is answered, and
/// would cut a big answer off.
pub(crate) fn hold_until_sent(mut answer: Response<Body>) -> Response<Body> {
    match answer.extensions_mut().remove::<TaskTrackerToken>() {
        Some(in_flight) => answer.map(|body| {
            Body::new(AnswerBody {
                body,
                rest: Bytes::new(),
                _in_flight: in_flight,
            })
        }),
        None => answer,
    }
}

struct AnswerBody {
    body: Body,
    /// What is left of the frame that is being handed out.
    rest: Bytes,
    _in_flight: TaskTrackerToken,
}

impl HttpBody for AnswerBody {
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
        let length = self.rest.len().min(PIECE);
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(length)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::{BodyExt as _, Full};

    use super::*;
    use crate::server::shutdown::Shutdown;

    #[tokio::test]
    async fn an_answer_is_in_flight_until_its_last_piece() {
        let shutdown = Shutdown::default();
        let spec = Bytes::from(vec![b'x'; 2 * PIECE + 1]);
        let mut answer = Response::new(Body::new(Full::new(spec)));
        let token = shutdown.enter().expect("not shutting down");
        answer.extensions_mut().insert(token);
        let mut body = hold_until_sent(answer).into_body();
        for length in [PIECE, PIECE, 1] {
            assert_eq!(shutdown.in_flight(), 1);
            let frame = body.frame().await.expect("a frame").expect("no error");
            assert_eq!(frame.into_data().expect("data").len(), length);
        }
        assert!(body.frame().await.is_none());
        drop(body);
        assert_eq!(shutdown.in_flight(), 0);
    }
}
