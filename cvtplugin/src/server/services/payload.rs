//! Sends large specs as they are, instead of a copy of them within their encoded message.
//!
//! A message is its fields, one after the other. So the field of the spec is taken out before the
//! message is encoded, and sent ahead of the others, from where the handler made it. Of a spec of
//! 10 MB there is one copy then, not two.

use std::any::Any;
use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, BufMut as _, Bytes, BytesMut};
use http::{Request, Response};
use hyper::body::{Body as HttpBody, Frame};
use tonic::Status;
use tonic::body::Body;
use tonic::codegen::Service;
use tonic::server::NamedService;

use crate::pb::registry::v1::FetchSchemaResponse;

/// Smaller specs are copied: that costs less than frames of their own.
const MIN_SIZE: usize = 64 * 1024;

/// Larger ones are left to tonic, which refuses them: no message may be larger.
const MAX_SIZE: usize = u32::MAX as usize / 2;

/// What begins the field of the spec: its number, 1, and that it is a string of bytes.
const FIELD: u8 = 1 << 3 | 2;

/// What precedes a message: whether it is compressed, and its length.
const PREFIX: usize = 5;

/// A spec that was taken out of the response of one call. All clones are the same.
#[derive(Clone, Default)]
pub(super) struct Payload(Arc<Mutex<Bytes>>);

impl Payload {
    /// Takes the spec out of a response, if that has a large one.
    pub(super) fn take_from(&self, response: &mut dyn Any) {
        if let Some(response) = response.downcast_mut::<FetchSchemaResponse>()
            && (MIN_SIZE..=MAX_SIZE).contains(&response.spec.len())
        {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) =
                std::mem::take(&mut response.spec);
        }
    }

    /// Puts it back into the encoded response.
    fn put_into(&self, response: Response<Body>) -> Response<Body> {
        let payload = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if payload.is_empty() {
            return response;
        }
        response.map(|rest| {
            Body::new(PayloadBody {
                payload,
                pieces: VecDeque::new(),
                rest,
            })
        })
    }
}

/// A service of tonic's for one request, which puts the payload into the response.
#[derive(Clone)]
pub(crate) struct WithPayload<S> {
    pub(super) service: S,
    pub(super) payload: Payload,
}

impl<S: NamedService> NamedService for WithPayload<S> {
    const NAME: &'static str = S::NAME;
}

impl<S> Service<Request<Body>> for WithPayload<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Future: Unpin>,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = WithPayload<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.service.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        WithPayload {
            service: self.service.call(request),
            payload: self.payload.clone(),
        }
    }
}

/// The response of such a service.
impl<E, F: Future<Output = Result<Response<Body>, E>> + Unpin> Future for WithPayload<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let response = ready!(Pin::new(&mut self.service).poll(context));
        Poll::Ready(response.map(|response| self.payload.put_into(response)))
    }
}

/// A message whose payload is on its way beside it.
struct PayloadBody {
    /// Empty once it is among the pieces.
    payload: Bytes,
    /// What is to be sent next.
    pieces: VecDeque<Bytes>,
    /// The rest of the message, and what follows it.
    rest: Body,
}

impl PayloadBody {
    /// Puts the payload into a message that tonic has encoded without.
    fn join(&mut self, mut message: Bytes) {
        let payload = std::mem::take(&mut self.payload);
        message.advance(PREFIX.min(message.len()));
        let mut field = BytesMut::new();
        field.put_u8(FIELD);
        // Writes what any protobuf writes before bytes; a buffer that grows takes it.
        let _ = prost::encode_length_delimiter(payload.len(), &mut field);
        let mut head = BytesMut::new();
        head.put_u8(0);
        let length = field.len() + payload.len() + message.len();
        head.put_u32(u32::try_from(length).unwrap_or(u32::MAX));
        head.unsplit(field);
        self.pieces.extend([head.freeze(), payload, message]);
        self.pieces.retain(|piece| !piece.is_empty());
    }
}

impl HttpBody for PayloadBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if !self.payload.is_empty() {
            match ready!(Pin::new(&mut self.rest).poll_frame(context)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(message) => self.join(message),
                    Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
                },
                other => return Poll::Ready(other),
            }
        }
        match self.pieces.pop_front() {
            Some(piece) => Poll::Ready(Some(Ok(Frame::data(piece)))),
            None => Pin::new(&mut self.rest).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.payload.is_empty() && self.pieces.is_empty() && self.rest.is_end_stream()
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::{BodyExt as _, Full};
    use prost::Message as _;

    use super::*;

    /// The response as tonic has encoded it, and the trailers that follow it left out.
    fn encoded(message: &FetchSchemaResponse) -> Body {
        let mut data = BytesMut::zeroed(PREFIX);
        message.encode(&mut data).expect("room");
        Body::new(Full::new(data.freeze()).map_err(|never| match never {}))
    }

    async fn sent(mut message: FetchSchemaResponse) -> Bytes {
        let payload = Payload::default();
        payload.take_from(&mut message);
        let response = payload.put_into(Response::new(encoded(&message)));
        let body = response.into_body().collect().await.expect("a body");
        body.to_bytes()
    }

    #[tokio::test]
    async fn a_large_spec_comes_back_whole() {
        for size in [MIN_SIZE, 3 * MIN_SIZE + 1] {
            for version in ["", "1.2.3"] {
                let spec = Bytes::from(vec![b'x'; size]);
                let message = FetchSchemaResponse::new(spec).resolved_version(version);
                let sent = sent(message.clone()).await;
                assert_eq!(sent[..1], [0], "not compressed");
                let declared = u32::from_be_bytes([sent[1], sent[2], sent[3], sent[4]]);
                assert_eq!(declared as usize, sent.len() - PREFIX);
                let decoded = FetchSchemaResponse::decode(&sent[PREFIX..]);
                assert_eq!(decoded.expect("a message"), message);
                // What other encoders write, to the byte.
                assert_eq!(sent[PREFIX..], message.encode_to_vec());
            }
        }
    }

    #[test]
    fn a_large_spec_is_taken_and_a_small_one_is_left() {
        for (size, is_taken) in [(MIN_SIZE - 1, false), (MIN_SIZE, true)] {
            let payload = Payload::default();
            let mut message = FetchSchemaResponse::new(vec![b'x'; size]);
            payload.take_from(&mut message);
            assert_eq!(message.spec.is_empty(), is_taken);
        }
    }
}
