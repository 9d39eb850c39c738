//! The extension services: `cvt.plugin.registry.v1` and `cvt.plugin.events.v1`.

use std::future::Future;

use crate::generated::services::events_v1::event_handler_server::EventHandlerServer;
use crate::generated::services::registry_v1::registry_provider_server::RegistryProviderServer;
use crate::server::RequestId;
use crate::server::calls::Calls;
use crate::server::source::{Lease, Source};
use crate::{Context, EventHandler, RegistryProvider, Rpc};

/// A service whose handler comes from `source`.
pub(crate) struct Extension<S> {
    calls: Calls,
    source: S,
}

pub(crate) fn registry<S: Source<Handler: RegistryProvider>>(
    calls: Calls,
    source: S,
) -> RegistryProviderServer<Extension<S>> {
    RegistryProviderServer::new(Extension { calls, source })
}

pub(crate) fn events<S: Source<Handler: EventHandler>>(
    calls: Calls,
    source: S,
) -> EventHandlerServer<Extension<S>> {
    EventHandlerServer::new(Extension { calls, source })
}

impl<S: Source<Handler: Send + Sync>> Extension<S> {
    async fn answer<Q, R, F>(
        &self,
        rpc: Rpc,
        request: tonic::Request<Q>,
        handle: impl FnOnce(Lease<S::Handler>, Context, Q) -> F + Send + 'static,
    ) -> Result<tonic::Response<R>, tonic::Status>
    where
        Q: RequestId + Send + 'static,
        R: Send + 'static,
        F: Future<Output = crate::Result<R>> + Send,
    {
        let answer = self.calls.answer(rpc, request, &self.source, handle);
        answer.await
    }
}

// The services of tonic, whose every method passes its call on to that of the handler.
include!("../../generated/extensions.rs");
