//! What makes a request one of gRPC's. The others are refused as a Go plugin refuses them.

use http::header::CONTENT_TYPE;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use tonic::body::Body;

use crate::Error;
use crate::server::deadline::Deadline;
use crate::server::status::status_of;

/// Why a request is refused before anybody has read it.
pub(super) struct Refusal {
    http: StatusCode,
    error: Error,
}

impl Refusal {
    pub(super) fn into_response(self) -> Response<Body> {
        let mut response = status_of(&self.error).into_http();
        *response.status_mut() = self.http;
        response
    }
}

/// Checks what precedes a request's message, and reads the deadline in it.
pub(super) fn check<B>(request: &Request<B>) -> Result<Deadline, Refusal> {
    let refuse = |http| move |error| Refusal { http, error };
    check_content_type(request.headers()).map_err(refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE))?;
    let deadline = Deadline::of(request.headers()).map_err(refuse(StatusCode::BAD_REQUEST))?;
    if request.method() == Method::POST {
        Ok(deadline)
    } else {
        let why = format!("invalid method {}: expected POST", request.method());
        Err(Error::internal(why)).map_err(refuse(StatusCode::METHOD_NOT_ALLOWED))
    }
}

fn check_content_type(headers: &HeaderMap) -> crate::Result<()> {
    let content_type = headers.get(CONTENT_TYPE);
    let content_type = content_type.map_or(&b""[..], |value| value.as_bytes());
    // Of what format the messages are, a Go plugin does not ask either.
    match content_type.strip_prefix(b"application/grpc") {
        Some([] | [b'+' | b';', ..]) => Ok(()),
        _ => Err(Error::invalid_argument(format!(
            "invalid content-type \"{}\": expected application/grpc",
            content_type.escape_ascii()
        ))),
    }
}
