//! `cvt.plugin.registry.v1.RegistryProvider`.

use tonic::{Request, Response, Status};

use crate::generated::services::registry_v1::registry_provider_server as tonic_service;
use crate::pb::registry::v1::{
    FetchSchemaRequest, FetchSchemaResponse, RegisterConsumerUsageRequest,
    RegisterConsumerUsageResponse,
};
use crate::server::calls::Calls;
use crate::server::source::Source;
use crate::{RegistryProvider, Rpc};

pub(crate) struct Registry<S> {
    calls: Calls,
    source: S,
}

pub(crate) fn registry<S: Source<Handler: RegistryProvider>>(
    calls: Calls,
    source: S,
) -> tonic_service::RegistryProviderServer<Registry<S>> {
    tonic_service::RegistryProviderServer::new(Registry { calls, source })
}

#[tonic::async_trait]
impl<S: Source<Handler: RegistryProvider>> tonic_service::RegistryProvider for Registry<S> {
    async fn fetch_schema(
        &self,
        request: Request<FetchSchemaRequest>,
    ) -> Result<Response<FetchSchemaResponse>, Status> {
        self.calls
            .answer(
                Rpc::FetchSchema,
                request,
                &self.source,
                |registry, ctx, request| async move { registry.fetch_schema(ctx, request).await },
            )
            .await
    }

    async fn register_consumer_usage(
        &self,
        request: Request<RegisterConsumerUsageRequest>,
    ) -> Result<Response<RegisterConsumerUsageResponse>, Status> {
        self.calls
            .answer(
                Rpc::RegisterConsumerUsage,
                request,
                &self.source,
                |registry, ctx, request| async move {
                    registry.register_consumer_usage(ctx, request).await
                },
            )
            .await
    }
}
