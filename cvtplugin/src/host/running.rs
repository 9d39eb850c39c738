//! A plugin that runs: everything that CVT can ask of it.

use std::time::Duration;

use tokio::time::timeout;
use tonic::{Response, Status};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use super::channel::Channel;
use super::output;
use super::process::{EXIT_TIMEOUT, Process};
use super::{Exit, Host, LaunchError, Request};
use crate::generated::services::events_v1::event_handler_client::EventHandlerClient;
use crate::generated::services::go_plugin::Empty;
use crate::generated::services::go_plugin::grpc_controller_client::GrpcControllerClient;
use crate::generated::services::go_plugin::grpc_stdio_client::GrpcStdioClient;
use crate::generated::services::handshake_v1::plugin_handshake_client::PluginHandshakeClient;
use crate::generated::services::registry_v1::registry_provider_client::RegistryProviderClient;
use crate::pb::events::v1::{
    BreakingChangeDetectedRequest, EventResponse, ValidationFailedRequest,
};
use crate::pb::handshake::v1::health_response::Status as HealthStatus;
use crate::pb::handshake::v1::{HealthRequest, InfoRequest, InfoResponse, SetConfigRequest};
use crate::pb::registry::v1::{
    FetchSchemaRequest, FetchSchemaResponse, RegisterConsumerUsageRequest,
    RegisterConsumerUsageResponse,
};
use crate::protocol::HEALTH_SERVICE;
use crate::{Code, Error, Health, Result};

/// How much longer than its deadline a call is waited for: the plugin's own answer to an expired
/// call says more than the host's.
const GRACE: Duration = Duration::from_millis(500);

/// gRPC knows no longer one.
const LONGEST: Duration = Duration::from_secs(99_999_999);

/// How long the answer to `Shutdown` is waited for.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(10);

/// A plugin that was launched, and runs until it is shut down or dropped.
///
/// Every call fails with the plugin's [`Error`], or with [`Error::unavailable`] when the plugin
/// has gone, and with [`Error::deadline_exceeded`] when it took too long. Calls may run
/// concurrently; one whose future is dropped is cancelled.
pub struct RunningPlugin {
    process: Process,
    channel: Channel,
    info: InfoResponse,
    call_timeout: Duration,
}

/// Calls one RPC of a service.
macro_rules! call {
    ($self:ident, $client:ident.$rpc:ident($request:expr)) => {{
        let request: Request<_> = $request.into();
        let mut client = $client::with_origin($self.channel.clone(), Channel::origin())
            .max_decoding_message_size(usize::MAX);
        let timeout = request.timeout.unwrap_or($self.call_timeout).min(LONGEST);
        answer(timeout, client.$rpc(into_tonic(request, timeout)?)).await
    }};
}

impl RunningPlugin {
    /// Connects to a process, pings it as go-plugin does, and asks who it is.
    pub(super) async fn connect(process: Process, host: &Host) -> Result<Self, LaunchError> {
        let channel = Channel::connect(&process.handshake, process.connector.as_ref())
            .await
            .map_err(LaunchError::Connect)?;
        let mut plugin = Self {
            process,
            channel,
            info: InfoResponse::default(),
            call_timeout: host.call_timeout,
        };
        let mut stdio = GrpcStdioClient::with_origin(plugin.channel.clone(), Channel::origin());
        let on_output = host.on_output.clone();
        // Not awaited: plugins in Go answer with their first output, which may never come.
        tokio::spawn(async move {
            let stream = stdio.stream_stdio(()).await;
            drop(stdio);
            // A plugin that does not serve its output keeps it to itself, and that is fine.
            if let Ok(stream) = stream {
                output::follow(stream.into_inner(), on_output).await;
            }
        });
        plugin.ping().await.map_err(LaunchError::Ping)?;
        let info = Request::new(InfoRequest {}).timeout(host.start_timeout);
        plugin.info = plugin.ask_info(info).await.map_err(LaunchError::Info)?;
        match plugin.info.protocol_version {
            crate::PROTOCOL_VERSION => Ok(plugin),
            version => Err(LaunchError::ProtocolVersion { version }),
        }
    }

    /// Who the plugin says it is.
    pub fn info(&self) -> &InfoResponse {
        &self.info
    }

    /// The id that the plugin's process was given.
    pub fn process_id(&self) -> u32 {
        self.process.id
    }

    /// Where the plugin listens, as it says itself: the path of a unix socket, or IP and port.
    pub fn address(&self) -> &str {
        &self.process.handshake.address
    }

    /// The path of the plugin's unix socket.
    pub fn socket(&self) -> &std::path::Path {
        self.address().as_ref()
    }

    /// Asks for the health of the service `plugin`, as go-plugin does to see whether the plugin
    /// is there.
    ///
    /// # Errors
    ///
    /// [`Error::unavailable`] for any answer but "serving".
    pub async fn ping(&self) -> Result<()> {
        let request = HealthCheckRequest {
            service: HEALTH_SERVICE.into(),
        };
        let response = call!(self, HealthClient.check(request))?;
        match response.status() {
            ServingStatus::Serving => Ok(()),
            status => Err(Error::unavailable(format!("its health is {status:?}"))),
        }
    }

    async fn ask_info(&self, request: Request<InfoRequest>) -> Result<InfoResponse> {
        call!(self, PluginHandshakeClient.info(request))
    }

    /// Asks whether the plugin is ready for calls, in its own opinion.
    ///
    /// # Errors
    ///
    /// As [above](Self). A state that is neither serving nor not serving is not serving.
    pub async fn health(&self) -> Result<Health> {
        let response = call!(self, PluginHandshakeClient.health(HealthRequest {}))?;
        Ok(match response.status() {
            HealthStatus::Serving => Health::Serving,
            HealthStatus::NotServing | HealthStatus::Unknown => Health::NotServing,
        })
    }

    /// Delivers one key of the plugin's config.
    ///
    /// # Errors
    ///
    /// As [above](Self).
    pub async fn set_config(&self, key: impl Into<String>, value: impl Into<String>) -> Result<()> {
        let request = SetConfigRequest::new(key, value);
        call!(self, PluginHandshakeClient.set_config(request)).map(drop)
    }

    /// Fetches a schema from the plugin's registry.
    ///
    /// # Errors
    ///
    /// As [above](Self).
    pub async fn fetch_schema(
        &self,
        request: impl Into<Request<FetchSchemaRequest>>,
    ) -> Result<FetchSchemaResponse> {
        call!(self, RegistryProviderClient.fetch_schema(request))
    }

    /// Tells the plugin's registry what a consumer uses.
    ///
    /// # Errors
    ///
    /// As [above](Self).
    pub async fn register_consumer_usage(
        &self,
        request: impl Into<Request<RegisterConsumerUsageRequest>>,
    ) -> Result<RegisterConsumerUsageResponse> {
        call!(
            self,
            RegistryProviderClient.register_consumer_usage(request)
        )
    }

    /// Tells the plugin of breaking changes.
    ///
    /// # Errors
    ///
    /// As [above](Self).
    pub async fn on_breaking_change_detected(
        &self,
        event: impl Into<Request<BreakingChangeDetectedRequest>>,
    ) -> Result<EventResponse> {
        call!(self, EventHandlerClient.on_breaking_change_detected(event))
    }

    /// Tells the plugin of a failed validation.
    ///
    /// # Errors
    ///
    /// As [above](Self).
    pub async fn on_validation_failed(
        &self,
        event: impl Into<Request<ValidationFailedRequest>>,
    ) -> Result<EventResponse> {
        call!(self, EventHandlerClient.on_validation_failed(event))
    }

    /// Asks the plugin to end, and waits for it as go-plugin does: a plugin that is still there
    /// 2 s after its answer is killed.
    ///
    /// # Errors
    ///
    /// When the system does not let us wait for the process.
    pub async fn shutdown(self) -> std::io::Result<Exit> {
        let mut controller =
            GrpcControllerClient::with_origin(self.channel.clone(), Channel::origin());
        // A plugin that is gone already cannot answer; how it ended is in the exit.
        let _ = timeout(SHUTDOWN_TIMEOUT, controller.shutdown(Empty {})).await;
        drop(controller);
        drop(self.channel);
        self.process.end(EXIT_TIMEOUT).await
    }

    /// Waits for the plugin to end by itself, and kills it after `patience`. For a plugin that
    /// was told to end by other means, such as a signal.
    ///
    /// # Errors
    ///
    /// When the system does not let us wait for the process.
    pub async fn wait(self, patience: Duration) -> std::io::Result<Exit> {
        self.process.end(patience).await
    }

    /// Kills the plugin at once.
    ///
    /// # Errors
    ///
    /// When the system does not let us kill the process, or wait for it.
    pub async fn kill(self) -> std::io::Result<Exit> {
        self.process.kill().await
    }
}

impl std::fmt::Debug for RunningPlugin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RunningPlugin")
            .field("info", &self.info)
            .field("process_id", &self.process_id())
            .finish_non_exhaustive()
    }
}

/// What an RPC answers, within `patience` and a little grace.
async fn answer<T>(
    patience: Duration,
    call: impl Future<Output = Result<Response<T>, Status>>,
) -> Result<T> {
    match timeout(patience + GRACE, call).await {
        Ok(Ok(response)) => Ok(response.into_inner()),
        Ok(Err(status)) => Err(from_status(&status)),
        Err(_) => Err(Error::deadline_exceeded(
            "the plugin did not answer in time",
        )),
    }
}

fn from_status(status: &Status) -> Error {
    let code = Code::from_number(status.code().into()).unwrap_or(Code::Unknown);
    Error::new(code, status.message())
}

fn into_tonic<M>(request: Request<M>, timeout: Duration) -> Result<tonic::Request<M>> {
    let mut tonic = tonic::Request::new(request.message);
    tonic.set_timeout(timeout);
    for (key, value) in request.metadata {
        let invalid = |what| Error::invalid_argument(format!("{what} of the metadata {key:?}"));
        let name = tonic::metadata::AsciiMetadataKey::from_bytes(key.as_bytes());
        let name = name.map_err(|_| invalid("the key"))?;
        let value = value.parse().map_err(|_| invalid("the value"))?;
        tonic.metadata_mut().append(name, value);
    }
    Ok(tonic)
}
