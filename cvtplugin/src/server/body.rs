//! Receives a request's one message, whole and within limits.

use std::pin::pin;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Body as HttpBody;
use tonic::Status;
use tonic::body::Body;

use super::limits::{MAX_MESSAGE, Received, exhausted};
use super::status::status_of;
use super::timeout::Deadline;
use crate::BoxError;

/// What precedes a message: whether it is compressed, and its length.
const PREFIX: usize = 5;

/// How long the host may take to send one request.
const PATIENCE: Duration = Duration::from_secs(30);

/// Reads a request to its end. Done before tonic does it, whose own limit answers with another
/// code than a Go plugin's, and makes room for as much as a message says it has.
pub(crate) async fn receive<B>(
    body: B,
    deadline: Deadline,
    received: &mut Received,
) -> Result<Body, Status>
where
    B: HttpBody<Data = Bytes> + Send,
    B::Error: Into<BoxError>,
{
    let patience = Instant::now() + PATIENCE;
    let until = deadline
        .instant()
        .map_or(patience, |deadline| deadline.min(patience));
    tokio::time::timeout_at(until.into(), read(body, received))
        .await
        .unwrap_or_else(|_| {
            let why = "the request was not sent in time";
            Err(Status::deadline_exceeded(why))
        })
}

async fn read<B>(body: B, received: &mut Received) -> Result<Body, Status>
where
    B: HttpBody<Data = Bytes> + Send,
    B::Error: Into<BoxError>,
{
    let mut body = pin!(body);
    let mut data = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| Status::from_error(error.into()))?;
        let Ok(piece) = frame.into_data() else {
            continue;
        };
        received
            .add(piece.len())
            .map_err(|error| status_of(&error))?;
        data.extend_from_slice(&piece);
        if data.len() > PREFIX + MAX_MESSAGE || announced(&data) > MAX_MESSAGE {
            let error = exhausted("the request has too many bytes", MAX_MESSAGE);
            return Err(status_of(&error));
        }
        if data.len() > PREFIX && data.len() - PREFIX > announced(&data) {
            let why = "more than one message in the request of a unary call: expected one";
            return Err(Status::internal(why));
        }
    }
    Ok(Body::new(Full::new(data.freeze())))
}

/// The length that the message says it has.
fn announced(data: &[u8]) -> usize {
    match data {
        [_, a, b, c, d, ..] => u32::from_be_bytes([*a, *b, *c, *d])
            .try_into()
            .unwrap_or(usize::MAX),
        _ => 0,
    }
}
