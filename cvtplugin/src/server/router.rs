//! Takes each request to its service.

use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Request, Response, StatusCode};
use hyper::body::Body as HttpBody;
use tonic::Status;
use tonic::body::Body;
use tonic::codegen::Service;
use tonic::server::NamedService;

use super::answer_body::hold_until_sent;
use super::body::receive;
use super::limits::Receiving;
use super::status::status_of;
use super::timeout::Deadline;
use crate::{BoxError, Error};

type Answer = Pin<Box<dyn Future<Output = Response<Body>> + Send>>;

/// A gRPC service, whatever its type.
trait Route: Send + Sync {
    fn call(&self, request: Request<Body>) -> Answer;
}

impl<S> Route for S
where
    S: Service<Request<Body>, Response = Response<Body>, Error = std::convert::Infallible>
        + Clone
        + Send
        + Sync,
    S::Future: Send + 'static,
{
    fn call(&self, request: Request<Body>) -> Answer {
        let answer = Service::call(&mut self.clone(), request);
        Box::pin(async move {
            let Ok(response) = answer.await;
            response
        })
    }
}

struct Entry {
    service: &'static str,
    /// Whether its requests are streams, which never end while the plugin lives.
    streams: bool,
    route: Box<dyn Route>,
    receiving: Receiving,
}

/// Every service of a plugin.
#[derive(Default)]
pub(crate) struct Router {
    entries: Vec<Entry>,
}

impl Router {
    /// Adds a service whose requests are single messages.
    pub(crate) fn unary<S>(&mut self, service: S)
    where
        S: Service<Request<Body>, Response = Response<Body>, Error = std::convert::Infallible>
            + NamedService
            + Clone
            + Send
            + Sync
            + 'static,
        S::Future: Send + 'static,
    {
        self.add(service, false);
    }

    /// Adds a service whose requests are streams.
    pub(crate) fn streaming<S>(&mut self, service: S)
    where
        S: Service<Request<Body>, Response = Response<Body>, Error = std::convert::Infallible>
            + NamedService
            + Clone
            + Send
            + Sync
            + 'static,
        S::Future: Send + 'static,
    {
        self.add(service, true);
    }

    fn add<S: Route + NamedService + 'static>(&mut self, service: S, streams: bool) {
        self.entries.push(Entry {
            service: S::NAME,
            streams,
            route: Box::new(service),
            receiving: Receiving::default(),
        });
    }

    /// The full names of the services.
    #[cfg(feature = "reflection")]
    pub(crate) fn services(&self) -> impl Iterator<Item = &'static str> {
        self.entries.iter().map(|entry| entry.service)
    }

    /// Answers one request. Never fails: what goes wrong is in the answer.
    pub(crate) async fn answer<B>(&self, request: Request<B>) -> Response<Body>
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let deadline = match check(&request) {
            Ok(deadline) => deadline,
            Err((http, error)) => return refuse(http, &error),
        };
        let Some(entry) = self.find(request.uri().path()) else {
            let message = format!("there is no {}", request.uri().path());
            return Status::unimplemented(message).into_http();
        };
        // Counts until the answer is there: so long the request is in memory.
        let mut received = match entry.receiving.begin() {
            Ok(received) => received,
            Err(error) => return status_of(&error).into_http(),
        };
        let (mut parts, body) = request.into_parts();
        parts.extensions.insert(deadline);
        let body = if entry.streams {
            Ok(Body::new(body))
        } else {
            receive(body, deadline, &mut received).await
        };
        match body {
            Ok(body) => {
                let answer = entry.route.call(Request::from_parts(parts, body)).await;
                hold_until_sent(answer)
            }
            Err(status) => status.into_http(),
        }
    }

    /// The service of a path such as `/package.Service/Method`.
    fn find(&self, path: &str) -> Option<&Entry> {
        let (service, _method) = path.strip_prefix('/')?.split_once('/')?;
        self.entries.iter().find(|entry| entry.service == service)
    }
}

/// Checks that a request is gRPC's, and reads its deadline.
fn check<B>(request: &Request<B>) -> Result<Deadline, (StatusCode, Error)> {
    let content_type = request.headers().get(CONTENT_TYPE);
    if !content_type.is_some_and(|value| is_grpc(value.as_bytes())) {
        let why = format!(
            "invalid content-type {:?}: expected application/grpc",
            content_type
                .map(HeaderValue::as_bytes)
                .unwrap_or_default()
                .escape_ascii()
                .to_string()
        );
        let error = Error::invalid_argument(why);
        return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, error));
    }
    let deadline = Deadline::of(request.headers());
    let deadline = deadline.map_err(|error| (StatusCode::BAD_REQUEST, error))?;
    if request.method() != Method::POST {
        let why = format!("invalid method {}: expected POST", request.method());
        return Err((StatusCode::METHOD_NOT_ALLOWED, Error::internal(why)));
    }
    Ok(deadline)
}

fn is_grpc(content_type: &[u8]) -> bool {
    let rest = content_type.strip_prefix(b"application/grpc");
    rest.is_some_and(|rest| matches!(rest, [] | [b'+' | b';', ..]))
}

/// Refuses what is no proper gRPC request, with the HTTP status that a Go plugin gives.
fn refuse(http: StatusCode, error: &Error) -> Response<Body> {
    let mut response = status_of(error).into_http();
    *response.status_mut() = http;
    response
}
