//! The services of a plugin that fetches schemas.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http::{Request, Response as HttpResponse};
use hyper::body::Incoming;
use tokio::sync::Notify;
use tokio_stream::Pending;
use tonic::body::Body;
use tonic::codegen::{Arc, Service as _};
use tonic::{Response, Status, Streaming};
use tonic_health::ServingStatus;
use tonic_health::pb::health_server::{self, HealthServer};
use tonic_health::server::{HealthReporter, HealthService};

use crate::generated::go_plugin::{
    ConnInfo, Empty, StdioData, grpc_broker_server, grpc_controller_server, grpc_stdio_server,
};
use crate::generated::handshake::plugin_handshake_server::{self, PluginHandshakeServer};
use crate::generated::registry::registry_provider_server::{self, RegistryProviderServer};
use cvtplugin::pb::handshake::v1::{
    HealthRequest, HealthResponse, InfoRequest, InfoResponse, SetConfigRequest, SetConfigResponse,
    health_response,
};
use cvtplugin::pb::registry::v1::{
    FetchSchemaRequest, FetchSchemaResponse, RegisterConsumerUsageRequest,
    RegisterConsumerUsageResponse,
};

type Result<T> = std::result::Result<Response<T>, Status>;

/// Every service, each of which is cloned for each of its requests, as tonic's own router does.
pub(crate) struct Services {
    health: HealthServer<HealthService>,
    handshake: PluginHandshakeServer<Floor>,
    registry: RegistryProviderServer<Floor>,
    controller: grpc_controller_server::GrpcControllerServer<Floor>,
    stdio: grpc_stdio_server::GrpcStdioServer<Floor>,
    broker: grpc_broker_server::GrpcBrokerServer<Floor>,
    end: Arc<End>,
}

impl Services {
    pub(crate) async fn new() -> Self {
        let reporter = HealthReporter::new();
        reporter
            .set_service_status("plugin", ServingStatus::Serving)
            .await;
        let end = Arc::new(End::default());
        let floor = Arc::new(Floor { end: end.clone() });
        Self {
            health: HealthServer::new(HealthService::from_health_reporter(reporter)),
            handshake: PluginHandshakeServer::from_arc(floor.clone()),
            registry: RegistryProviderServer::from_arc(floor.clone()),
            controller: grpc_controller_server::GrpcControllerServer::from_arc(floor.clone()),
            stdio: grpc_stdio_server::GrpcStdioServer::from_arc(floor.clone()),
            broker: grpc_broker_server::GrpcBrokerServer::from_arc(floor),
            end,
        }
    }

    pub(crate) async fn respond(&self, request: Request<Incoming>) -> HttpResponse<Body> {
        let path = request.uri().path();
        let service = path.split('/').nth(1).unwrap_or_default();
        let response = match service {
            registry_provider_server::SERVICE_NAME => self.registry.clone().call(request).await,
            plugin_handshake_server::SERVICE_NAME => self.handshake.clone().call(request).await,
            health_server::SERVICE_NAME => self.health.clone().call(request).await,
            grpc_controller_server::SERVICE_NAME => self.controller.clone().call(request).await,
            grpc_stdio_server::SERVICE_NAME => self.stdio.clone().call(request).await,
            grpc_broker_server::SERVICE_NAME => self.broker.clone().call(request).await,
            _ => Ok(Status::unimplemented(path).into_http()),
        };
        let Ok(response) = response;
        response
    }

    /// Notes that a host has closed its connection.
    pub(crate) fn disconnected(&self) {
        if self.end.is_asked_for.load(Ordering::Relaxed) {
            self.end.reached.notify_one();
        }
    }

    /// Waits until a host that has asked for the end has closed its connection.
    pub(crate) async fn ended(&self) {
        self.end.reached.notified().await;
    }
}

#[derive(Default)]
struct End {
    is_asked_for: AtomicBool,
    reached: Notify,
}

/// What handles the calls.
pub(crate) struct Floor {
    end: Arc<End>,
}

#[tonic::async_trait]
impl plugin_handshake_server::PluginHandshake for Floor {
    async fn info(&self, _: tonic::Request<InfoRequest>) -> Result<InfoResponse> {
        let info = InfoResponse::default().name("floor").version("0.1.0");
        let info = info.services([cvtplugin::protocol::SERVICE_REGISTRY_V1]);
        let info = info.protocol_version(cvtplugin::protocol::PROTOCOL_VERSION);
        Ok(Response::new(info))
    }

    async fn health(&self, _: tonic::Request<HealthRequest>) -> Result<HealthResponse> {
        let mut response = HealthResponse::default();
        response.set_status(health_response::Status::Serving);
        Ok(Response::new(response))
    }

    async fn set_config(&self, _: tonic::Request<SetConfigRequest>) -> Result<SetConfigResponse> {
        Ok(Response::new(SetConfigResponse::default()))
    }
}

#[tonic::async_trait]
impl registry_provider_server::RegistryProvider for Floor {
    /// Understands those of echo's words that the benchmark measures by, and those of stuck's that
    /// use the CPU or sleep.
    async fn fetch_schema(
        &self,
        request: tonic::Request<FetchSchemaRequest>,
    ) -> Result<FetchSchemaResponse> {
        let id = request.into_inner().schema_id;
        let spec = match id.split_once(':') {
            Some(("bytes", length)) => vec![b'x'; number(length)?],
            Some(("spin", rounds)) => spin(number(rounds)?),
            Some(("sleep", milliseconds)) => {
                tokio::time::sleep(Duration::from_millis(number(milliseconds)?)).await;
                "slept".into()
            }
            _ => format!("echoed: {id}").into(),
        };
        Ok(Response::new(
            FetchSchemaResponse::new(spec).resolved_version("1.0.0"),
        ))
    }

    async fn register_consumer_usage(
        &self,
        _: tonic::Request<RegisterConsumerUsageRequest>,
    ) -> Result<RegisterConsumerUsageResponse> {
        Ok(Response::new(RegisterConsumerUsageResponse::new(true)))
    }
}

fn number<T: std::str::FromStr>(text: &str) -> std::result::Result<T, Status> {
    let number = text.parse();
    number.map_err(|_| Status::invalid_argument(format!("invalid number {text:?}")))
}

/// Uses the CPU for so many rounds.
fn spin(rounds: u64) -> Vec<u8> {
    let last = (0..rounds).fold(0, |state: u64, round| {
        std::hint::black_box(state.wrapping_mul(31).wrapping_add(round))
    });
    last.to_string().into()
}

#[tonic::async_trait]
impl grpc_controller_server::GrpcController for Floor {
    async fn shutdown(&self, _: tonic::Request<Empty>) -> Result<Empty> {
        self.end.is_asked_for.store(true, Ordering::Relaxed);
        Ok(Response::new(Empty {}))
    }
}

#[tonic::async_trait]
impl grpc_stdio_server::GrpcStdio for Floor {
    type StreamStdioStream = Pending<std::result::Result<StdioData, Status>>;

    async fn stream_stdio(&self, _: tonic::Request<()>) -> Result<Self::StreamStdioStream> {
        Ok(Response::new(tokio_stream::pending()))
    }
}

#[tonic::async_trait]
impl grpc_broker_server::GrpcBroker for Floor {
    type StartStreamStream = Pending<std::result::Result<ConnInfo, Status>>;

    async fn start_stream(
        &self,
        _: tonic::Request<Streaming<ConnInfo>>,
    ) -> Result<Self::StartStreamStream> {
        Ok(Response::new(tokio_stream::pending()))
    }
}
