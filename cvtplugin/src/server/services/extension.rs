//! The extension services: `cvt.plugin.registry.v1` and `cvt.plugin.events.v1`.

use std::future::Future;

use futures_util::TryFutureExt as _;

use super::payload::{Payload, WithPayload};
use crate::generated::services::events_v1::event_handler_server::EventHandlerServer;
use crate::generated::services::registry_v1::registry_provider_server::RegistryProviderServer;
use crate::server::deadline::Deadline;
use crate::server::dispatch::call::RequestId;
use crate::server::dispatch::dispatcher::Dispatcher;
use crate::server::dispatch::handler_provider::{HandlerGuard, HandlerProvider};
use crate::{Context, EventHandler, RegistryProvider, Rpc};

/// A service for one call, whose handler comes from `provider`.
pub(crate) struct Extension<S> {
    dispatcher: Dispatcher,
    provider: S,
    deadline: Deadline,
    payload: Payload,
}

pub(crate) fn registry<S: HandlerProvider<Handler: RegistryProvider>>(
    dispatcher: Dispatcher,
    provider: S,
) -> impl Fn(Deadline) -> WithPayload<RegistryProviderServer<Extension<S>>> {
    move |deadline| {
        let extension = Extension::new(&dispatcher, &provider, deadline);
        WithPayload {
            payload: extension.payload.clone(),
            service: RegistryProviderServer::new(extension),
        }
    }
}

pub(crate) fn events<S: HandlerProvider<Handler: EventHandler>>(
    dispatcher: Dispatcher,
    provider: S,
) -> impl Fn(Deadline) -> EventHandlerServer<Extension<S>> {
    move |deadline| EventHandlerServer::new(Extension::new(&dispatcher, &provider, deadline))
}

impl<S: HandlerProvider<Handler: Send + Sync>> Extension<S> {
    fn new(dispatcher: &Dispatcher, provider: &S, deadline: Deadline) -> Self {
        Self {
            dispatcher: dispatcher.clone(),
            provider: provider.clone(),
            deadline,
            payload: Payload::default(),
        }
    }

    fn call<Q, R, F>(
        &self,
        rpc: Rpc,
        request: tonic::Request<Q>,
        handle: impl FnOnce(HandlerGuard<S::Handler>, Context, Q) -> F + Send + 'static,
    ) -> impl Future<Output = Result<tonic::Response<R>, tonic::Status>> + Send
    where
        Q: RequestId + Send + 'static,
        R: Send + 'static,
        F: Future<Output = crate::Result<R>> + Send + 'static,
    {
        let response = self
            .dispatcher
            .call(rpc, self.deadline, request, &self.provider, handle);
        let payload = self.payload.clone();
        response.map_ok(move |mut response| {
            payload.take_from(response.get_mut());
            response
        })
    }
}

// The services of tonic, whose every method passes its call on to that of the handler.
include!("../../generated/extensions.rs");
