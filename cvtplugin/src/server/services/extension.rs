//! The extension services: `cvt.plugin.registry.v1` and `cvt.plugin.events.v1`.

use std::future::Future;

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
}

pub(crate) fn registry<S: HandlerProvider<Handler: RegistryProvider>>(
    dispatcher: Dispatcher,
    provider: S,
) -> impl Fn(Deadline) -> RegistryProviderServer<Extension<S>> {
    move |deadline| RegistryProviderServer::new(Extension::new(&dispatcher, &provider, deadline))
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
        self.dispatcher
            .call(rpc, self.deadline, request, &self.provider, handle)
    }
}

// The services of tonic, whose every method passes its call on to that of the handler.
include!("../../generated/extensions.rs");
