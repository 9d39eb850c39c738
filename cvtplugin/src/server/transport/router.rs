//! Routes requests to services.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use hyper::body::Body as HttpBody;
use tonic::Status;
use tonic::body::Body;
use tonic::codegen::Service;
use tonic::server::NamedService;

use super::admission::{Class, Peer, RequestPermit};
use super::request_body::read_message;
use super::request_head::check;
use super::response_body::track_until_sent;
use crate::BoxError;
use crate::server::deadline::{Deadline, NearTimer};
use crate::server::status::status_of;

type ResponseFuture = Pin<Box<dyn Future<Output = Response<Body>> + Send>>;

/// A gRPC service of tonic's, whatever its type.
pub(crate) trait GrpcService:
    Service<
        Request<Body>,
        Response = Response<Body>,
        Error = std::convert::Infallible,
        Future: Send + 'static,
    > + NamedService
{
}

impl<S> GrpcService for S where
    S: Service<
            Request<Body>,
            Response = Response<Body>,
            Error = std::convert::Infallible,
            Future: Send + 'static,
        > + NamedService
{
}

/// Makes the service of each request, which may want to know its deadline.
type Route = Box<dyn Fn(Request<Body>, Deadline) -> ResponseFuture + Send + Sync>;

struct Entry {
    service: &'static str,
    class: Class,
    /// Whether its requests are streams, which never end while the plugin lives.
    streams: bool,
    route: Route,
}

/// Every service of a plugin.
#[derive(Default)]
pub(crate) struct Router {
    entries: Vec<Entry>,
    near_timer: NearTimer,
}

impl Router {
    /// Adds a service of control whose requests are single messages.
    pub(crate) fn control<S>(&mut self, service: S)
    where
        S: GrpcService + Clone + Send + Sync + 'static,
    {
        self.add(Class::Control, false, move |_| service.clone());
    }

    /// Adds a service of control whose requests are streams.
    pub(crate) fn streaming<S>(&mut self, service: S)
    where
        S: GrpcService + Clone + Send + Sync + 'static,
    {
        self.add(Class::Control, true, move |_| service.clone());
    }

    /// Adds a service whose every request gets a service of its own, made for its deadline.
    pub(crate) fn for_each<S: GrpcService + 'static>(
        &mut self,
        class: Class,
        service: impl Fn(Deadline) -> S + Send + Sync + 'static,
    ) {
        self.add(class, false, service);
    }

    fn add<S: GrpcService + 'static>(
        &mut self,
        class: Class,
        streams: bool,
        service: impl Fn(Deadline) -> S + Send + Sync + 'static,
    ) {
        let route = move |request, deadline| -> ResponseFuture {
            let response = service(deadline).call(request);
            Box::pin(async move {
                let Ok(response) = response.await;
                response
            })
        };
        self.entries.push(Entry {
            service: S::NAME,
            class,
            streams,
            route: Box::new(route),
        });
    }

    /// The full names of the services.
    #[cfg(feature = "reflection")]
    pub(crate) fn services(&self) -> impl Iterator<Item = &'static str> {
        self.entries.iter().map(|entry| entry.service)
    }

    /// Responds to one request of `peer`. Never fails: what goes wrong is in the response.
    pub(crate) async fn respond<B>(&self, request: Request<B>, peer: &Arc<Peer>) -> Response<Body>
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let entry = self.find(request.uri().path());
        let class = entry.map_or(Class::Control, |entry| entry.class);
        let mut permit = match peer.admit(class, &request) {
            Ok(permit) => permit,
            Err(error) => return status_of(&error).into_http(),
        };
        self.near_timer.keep_running();
        let response = match (check(&request), entry) {
            (Err(refusal), _) => refusal.into_response(),
            (Ok(deadline), Some(entry)) => entry.respond(request, deadline, &mut permit).await,
            (Ok(_), None) => {
                let message = format!("unknown service or method {}", request.uri().path());
                Status::unimplemented(message).into_http()
            }
        };
        track_until_sent(response, permit)
    }

    /// The service of a path such as `/package.Service/Method`.
    fn find(&self, path: &str) -> Option<&Entry> {
        let (service, _method) = path.strip_prefix('/')?.split_once('/')?;
        self.entries.iter().find(|entry| entry.service == service)
    }
}

impl Entry {
    async fn respond<B>(
        &self,
        request: Request<B>,
        deadline: Deadline,
        permit: &mut RequestPermit,
    ) -> Response<Body>
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let (parts, body) = request.into_parts();
        let body = if self.streams {
            Ok(Body::new(body))
        } else {
            read_message(body, deadline, permit).await
        };
        let begun = body.and_then(|body| match permit.begin() {
            Ok(()) => Ok(body),
            Err(error) => Err(status_of(&error)),
        });
        match begun {
            Ok(body) => (self.route)(Request::from_parts(parts, body), deadline).await,
            Err(status) => status.into_http(),
        }
    }
}
