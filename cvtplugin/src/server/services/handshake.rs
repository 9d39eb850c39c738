//! `cvt.plugin.handshake.v1.PluginHandshake`.

use std::sync::Arc;

use tonic::{Request, Response, Status};

use crate::Health;
use crate::generated::services::handshake_v1::plugin_handshake_server as tonic_service;
use crate::pb::handshake::v1::health_response::Status as HealthStatus;
use crate::pb::handshake::v1::{
    HealthRequest, HealthResponse, InfoRequest, InfoResponse, SetConfigRequest, SetConfigResponse,
};
use crate::server::calls::Calls;
use crate::server::hooks::Hooks;
use crate::server::timeout::Deadline;

pub(crate) struct Handshake {
    info: InfoResponse,
    calls: Calls,
    hooks: Arc<dyn Hooks>,
}

pub(crate) fn handshake(
    info: InfoResponse,
    calls: Calls,
    hooks: Arc<dyn Hooks>,
) -> tonic_service::PluginHandshakeServer<Handshake> {
    tonic_service::PluginHandshakeServer::new(Handshake { info, calls, hooks })
}

#[tonic::async_trait]
impl tonic_service::PluginHandshake for Handshake {
    async fn info(&self, request: Request<InfoRequest>) -> Result<Response<InfoResponse>, Status> {
        let ready = Deadline::of_request(&request).limit(self.hooks.ready(&self.calls));
        ready.await.map_err(|error| self.calls.status(&error))?;
        Ok(Response::new(self.info.clone()))
    }

    async fn health(&self, _: Request<HealthRequest>) -> Result<Response<HealthResponse>, Status> {
        let mut response = HealthResponse::default();
        response.set_status(match self.hooks.health(&self.calls).await {
            Health::Serving => HealthStatus::Serving,
            Health::NotServing => HealthStatus::NotServing,
        });
        Ok(Response::new(response))
    }

    async fn set_config(
        &self,
        request: Request<SetConfigRequest>,
    ) -> Result<Response<SetConfigResponse>, Status> {
        let request = request.map(|SetConfigRequest { key, value }| (key, value.into()));
        self.hooks
            .set_config(&self.calls, request)
            .await
            .map_err(|error| self.calls.status(&error))?;
        Ok(Response::new(SetConfigResponse {}))
    }
}
