//! `cvt.plugin.handshake.v1.PluginHandshake`.

use std::sync::Arc;

use tonic::{Request, Response, Status};

use crate::Health;
use crate::generated::services::handshake_v1::plugin_handshake_server as tonic_service;
use crate::pb::handshake::v1::health_response::Status as HealthStatus;
use crate::pb::handshake::v1::{
    HealthRequest, HealthResponse, InfoRequest, InfoResponse, SetConfigRequest, SetConfigResponse,
};
use crate::server::deadline::Deadline;
use crate::server::dispatch::dispatcher::Dispatcher;
use crate::server::dispatch::hooks::Hooks;
use crate::server::status::status_of;

/// The handshake, for one call.
pub(crate) struct Handshake {
    info: InfoResponse,
    hooks: Arc<dyn Hooks>,
    dispatcher: Dispatcher,
    deadline: Deadline,
}

pub(crate) fn handshake(
    info: InfoResponse,
    hooks: Arc<dyn Hooks>,
    dispatcher: Dispatcher,
) -> impl Fn(Deadline) -> tonic_service::PluginHandshakeServer<Handshake> {
    move |deadline| {
        tonic_service::PluginHandshakeServer::new(Handshake {
            info: info.clone(),
            hooks: hooks.clone(),
            dispatcher: dispatcher.clone(),
            deadline,
        })
    }
}

#[tonic::async_trait]
impl tonic_service::PluginHandshake for Handshake {
    async fn info(&self, _: Request<InfoRequest>) -> Result<Response<InfoResponse>, Status> {
        let ready = self.deadline.limit(self.hooks.ready());
        let explain = |error| status_of(&self.dispatcher.explain(error));
        ready.await.map_err(explain)?;
        Ok(Response::new(self.info.clone()))
    }

    async fn health(&self, _: Request<HealthRequest>) -> Result<Response<HealthResponse>, Status> {
        let mut response = HealthResponse::default();
        response.set_status(match self.hooks.health().await {
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
        let set = self.hooks.set_config(self.deadline, request);
        set.await.map_err(|error| status_of(&error))?;
        Ok(Response::new(SetConfigResponse {}))
    }
}
