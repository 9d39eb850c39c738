//! gRPC over HTTP/2, as little of it as will do.

use std::convert::Infallible;
use std::future::{pending, ready};
use std::sync::Arc;
use std::time::Duration;

use bytes::{BufMut as _, Bytes, BytesMut};
use cvtplugin::Code;
use http::{HeaderMap, HeaderValue, Request, Response};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Empty, Full};
use hyper::body::Incoming;

use crate::fault::Fault;
use crate::handlers::{self, Status};
use crate::plugin::Plugin;

/// The length of what is before each message: whether it is compressed, and its size.
const PREFIX: usize = 5;

/// The largest request that is taken.
const MAX_REQUEST: usize = 4 * 1024 * 1024;

type Body = UnsyncBoxBody<Bytes, Infallible>;

/// Responds to one call.
pub(crate) async fn call(
    plugin: Arc<Plugin>,
    request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    let (head, body) = request.into_parts();
    let path = head.uri.path();
    let body = match path {
        "/plugin.GRPCStdio/StreamStdio" | "/plugin.GRPCBroker/StartStream" => open(plugin),
        path => match read(plugin.fault, body).await {
            Ok(message) => {
                let timeout = timeout(&head.headers);
                unary(handlers::handle(&plugin, path, timeout, message).await)
            }
            Err(status) => unary(Err(status)),
        },
    };
    let mut response = Response::new(body);
    let grpc = HeaderValue::from_static("application/grpc");
    response.headers_mut().insert("content-type", grpc);
    Ok(response)
}

/// Reads the one message of a request.
async fn read(fault: Fault, body: Incoming) -> Result<Bytes, Status> {
    let body = body.collect().await;
    let body = body.map_err(|error| (Code::Internal, error.to_string()))?;
    let mut message = body.to_bytes();
    if message.len() > MAX_REQUEST + PREFIX && fault != Fault::TakesAnySize {
        return Err((Code::ResourceExhausted, "over 4 MiB".to_owned()));
    }
    let start = PREFIX.min(message.len());
    Ok(message.split_off(start))
}

/// The body of a response: a message, or why there is none.
fn unary(response: Result<Vec<u8>, Status>) -> Body {
    let trailers = match &response {
        Ok(_) => status(0, ""),
        Err((code, message)) => status((*code).into(), message),
    };
    let mut data = BytesMut::new();
    if let Ok(message) = response {
        data.put_u8(0);
        data.put_u32(u32::try_from(message.len()).unwrap_or(u32::MAX));
        data.extend_from_slice(&message);
    }
    let body = Full::new(data.freeze());
    body.with_trailers(ready(Some(Ok(trailers)))).boxed_unsync()
}

/// The body of a stream that stays silent until the plugin ends.
fn open(plugin: Arc<Plugin>) -> Body {
    let end = async move {
        if plugin.fault == Fault::WaitsForStreams {
            pending::<()>().await;
        }
        plugin.ended().await;
        Some(Ok(status(0, "")))
    };
    Empty::new().with_trailers(end).boxed_unsync()
}

fn status(code: i32, message: &str) -> HeaderMap {
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", code.into());
    // What a header cannot hold is left out.
    if let Ok(message) = message.parse() {
        trailers.insert("grpc-message", message);
    }
    trailers
}

/// How long the call may take.
fn timeout(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get("grpc-timeout")?.to_str().ok()?;
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let number: u64 = number.parse().ok()?;
    Some(match unit {
        "n" => Duration::from_nanos(number),
        "u" => Duration::from_micros(number),
        "m" => Duration::from_millis(number),
        _ => Duration::from_secs(number),
    })
}
