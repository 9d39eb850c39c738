//! Reads a request's one message, whole and within limits.

use std::pin::pin;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Body as HttpBody;
use tonic::Status;
use tonic::body::Body;

use super::admission::{MAX_MESSAGE, RequestPermit, exhausted};
use crate::BoxError;
use crate::server::deadline::Deadline;
use crate::server::status::status_of;

/// What precedes a message: whether it is compressed, and its length.
const PREFIX: usize = 5;

/// How long the host may take to send one request.
const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// Reads a request to its end, before tonic does: its own limit has another code than a Go
/// plugin's, and it makes room for as much as a message declares.
pub(crate) async fn read_message<B>(
    body: B,
    deadline: Deadline,
    permit: &mut RequestPermit,
) -> Result<Body, Status>
where
    B: HttpBody<Data = Bytes> + Send,
    B::Error: Into<BoxError>,
{
    let timeout = Instant::now() + READ_TIMEOUT;
    let until = deadline
        .instant()
        .map_or(timeout, |deadline| deadline.min(timeout));
    tokio::time::timeout_at(until.into(), read(body, permit))
        .await
        .unwrap_or_else(|_| {
            let why = "deadline exceeded: the request was not sent in time";
            Err(Status::deadline_exceeded(why))
        })
}

async fn read<B>(body: B, permit: &mut RequestPermit) -> Result<Body, Status>
where
    B: HttpBody<Data = Bytes> + Send,
    B::Error: Into<BoxError>,
{
    let mut body = pin!(body);
    let mut data = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| Status::from_error(error.into()))?;
        let Ok(chunk) = frame.into_data() else {
            continue;
        };
        permit.add(chunk.len()).map_err(|error| status_of(&error))?;
        data.extend_from_slice(&chunk);
        if data.len() > PREFIX + MAX_MESSAGE || declared_len(&data) > MAX_MESSAGE {
            let error = exhausted("the request has too many bytes", MAX_MESSAGE);
            return Err(status_of(&error));
        }
        if data.len() > PREFIX && data.len() - PREFIX > declared_len(&data) {
            let why = "more than one message in the request of a unary call: expected one";
            return Err(Status::internal(why));
        }
    }
    Ok(Body::new(Full::new(data.freeze())))
}

/// The length that the message declares.
fn declared_len(data: &[u8]) -> usize {
    match data {
        [_, a, b, c, d, ..] => u32::from_be_bytes([*a, *b, *c, *d])
            .try_into()
            .unwrap_or(usize::MAX),
        _ => 0,
    }
}
