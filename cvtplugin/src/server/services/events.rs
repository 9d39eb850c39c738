//! `cvt.plugin.events.v1.EventHandler`.

use tonic::{Request, Response, Status};

use crate::generated::services::events_v1::event_handler_server as tonic_service;
use crate::pb::events::v1::{
    BreakingChangeDetectedRequest, EventResponse, ValidationFailedRequest,
};
use crate::server::calls::Calls;
use crate::server::source::Source;
use crate::{EventHandler, Rpc};

pub(crate) struct Events<S> {
    calls: Calls,
    source: S,
}

pub(crate) fn events<S: Source<Handler: EventHandler>>(
    calls: Calls,
    source: S,
) -> tonic_service::EventHandlerServer<Events<S>> {
    tonic_service::EventHandlerServer::new(Events { calls, source })
}

#[tonic::async_trait]
impl<S: Source<Handler: EventHandler>> tonic_service::EventHandler for Events<S> {
    async fn on_breaking_change_detected(
        &self,
        request: Request<BreakingChangeDetectedRequest>,
    ) -> Result<Response<EventResponse>, Status> {
        self.calls
            .answer(Rpc::OnBreakingChangeDetected, request, &self.source, |events, ctx, event| async move {
                events.on_breaking_change_detected(ctx, event).await
            })
            .await
    }

    async fn on_validation_failed(
        &self,
        request: Request<ValidationFailedRequest>,
    ) -> Result<Response<EventResponse>, Status> {
        self.calls
            .answer(
                Rpc::OnValidationFailed,
                request,
                &self.source,
                |events, ctx, event| async move { events.on_validation_failed(ctx, event).await },
            )
            .await
    }
}
