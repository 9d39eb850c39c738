//! Everything that a host can ask of a plugin.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use http::uri::PathAndQuery;
use prost::Message;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::timeout;
use tonic::client::Grpc;
use tonic::codec::Codec;
use tonic::{Response, Status};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_prost::ProstCodec;

use super::channel::Channel;
use super::raw_codec::RawCodec;
use super::{LaunchError, Request};
use crate::generated::services::go_plugin::Empty;
use crate::generated::services::go_plugin::grpc_broker_client::GrpcBrokerClient;
use crate::generated::services::go_plugin::grpc_controller_client::GrpcControllerClient;
use crate::generated::services::go_plugin::grpc_stdio_client::GrpcStdioClient;
use crate::generated::services::handshake_v1::plugin_handshake_client::PluginHandshakeClient;
use crate::pb::handshake::v1::health_response::Status as HealthStatus;
use crate::pb::handshake::v1::{HealthRequest, InfoRequest, InfoResponse, SetConfigRequest};
use crate::protocol::HEALTH_SERVICE;
use crate::protocol::PROTOCOL_VERSION;
use crate::{Code, Error, Health, Result, Rpc};

/// The longest timeout that gRPC can express.
const MAX_TIMEOUT: Duration = Duration::from_secs(99_999_999);

/// How long to wait for the response to `Shutdown`.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(10);

/// The calls that a host makes: everything that CVT can ask of a plugin.
///
/// # Errors
///
/// Every call fails with the plugin's [`Error`], with [`Error::unavailable`] if the plugin has
/// exited, and with [`Error::deadline_exceeded`] if it took too long.
///
/// # Concurrency
///
/// Calls may run concurrently; one whose future is dropped is cancelled. They need a Tokio runtime
/// with time enabled. Cheap to clone.
///
/// ```
/// use cvtplugin::host::Client;
/// use cvtplugin::prelude::*;
///
/// async fn latest(plugin: &Client, id: &str) -> Result<String> {
///     let schema = plugin.fetch_schema(FetchSchemaRequest::new(id)).await?;
///     Ok(schema.resolved_version)
/// }
/// ```
#[derive(Clone)]
pub struct Client {
    connection: Channel,
    call_timeout: Duration,
}

/// Calls one RPC of a service that every plugin has.
macro_rules! call {
    ($self:ident, $client:ident.$rpc:ident($request:expr)) => {{
        let request: Request<_> = $request.into();
        let mut client = $client::with_origin($self.connection.clone(), Channel::origin())
            .max_decoding_message_size(usize::MAX);
        let timeout = request
            .timeout
            .unwrap_or($self.call_timeout)
            .min(MAX_TIMEOUT);
        let limit = request.limit(timeout);
        respond(limit, client.$rpc(into_tonic(request, timeout)?)).await
    }};
}

impl Client {
    pub(crate) fn new(connection: Channel, call_timeout: Duration) -> Self {
        Self {
            connection,
            call_timeout,
        }
    }

    /// Asks for the health of the service `plugin`, as go-plugin does to see whether the plugin
    /// is alive.
    ///
    /// # Errors
    ///
    /// [`Error::unavailable`] for any status but `SERVING`.
    pub async fn ping(&self) -> Result<()> {
        let request = HealthCheckRequest {
            service: HEALTH_SERVICE.into(),
        };
        let response = call!(self, HealthClient.check(request))?;
        match response.status() {
            ServingStatus::Serving => Ok(()),
            status => Err(Error::unavailable(format!(
                "the service `plugin` is {status:?}: expected Serving"
            ))),
        }
    }

    /// Requests `Info`, and checks the version of the protocol.
    pub(crate) async fn introduce(&self, timeout: Duration) -> Result<InfoResponse, LaunchError> {
        let info = self.info(timeout).await.map_err(LaunchError::Info)?;
        match info.protocol_version {
            PROTOCOL_VERSION => Ok(info),
            version => Err(LaunchError::ProtocolVersion { version }),
        }
    }

    async fn info(&self, timeout: Duration) -> Result<InfoResponse> {
        let request = Request::new(InfoRequest {}).timeout(timeout);
        call!(self, PluginHandshakeClient.info(request))
    }

    /// Delivers a config, in the order of its keys as CVT does.
    pub(crate) async fn configure(
        &self,
        config: &BTreeMap<String, SecretString>,
    ) -> Result<(), LaunchError> {
        for (key, value) in config {
            let set = self.set_config(key, value.clone()).await;
            set.map_err(|error| LaunchError::SetConfig {
                key: key.clone(),
                error,
            })?;
        }
        Ok(())
    }

    /// Asks whether the plugin is ready for calls. An unknown status counts as not ready.
    ///
    /// # Errors
    ///
    /// Those of every call: see [above](Self).
    pub async fn health(&self) -> Result<Health> {
        let response = call!(self, PluginHandshakeClient.health(HealthRequest {}))?;
        Ok(match response.status() {
            HealthStatus::Serving => Health::Serving,
            HealthStatus::NotServing | HealthStatus::Unknown => Health::NotServing,
        })
    }

    /// Delivers one key of the plugin's config. An empty value unsets the key.
    ///
    /// # Errors
    ///
    /// Those of every call: see [above](Self).
    pub async fn set_config(
        &self,
        key: impl Into<String>,
        value: impl Into<SecretString>,
    ) -> Result<()> {
        let value = value.into();
        let request = SetConfigRequest::new(key, value.expose_secret());
        call!(self, PluginHandshakeClient.set_config(request)).map(drop)
    }

    async fn call<M, R>(&self, rpc: Rpc, request: impl Into<Request<M>>) -> Result<R>
    where
        M: Message + 'static,
        R: Message + Default + 'static,
    {
        let path = format!("/{}/{}", rpc.grpc_service(), rpc.name());
        self.call_as(ProstCodec::default(), &path, request.into())
            .await
    }

    /// Calls any RPC by its full name, such as `/cvt.plugin.events.v1.EventHandler/OnSomething`,
    /// with an encoded message, and returns the encoded response. For tools, and for RPCs that
    /// this version of the protocol does not know.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use cvtplugin::host::Client;
    /// use cvtplugin::prelude::*;
    ///
    /// async fn opts_out_of(plugin: &Client, path: &str) -> bool {
    ///     let response = plugin.call_raw(path, Bytes::new()).await;
    ///     response.is_err_and(|error| error.code() == Code::Unimplemented)
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of every call: see [above](Self); [`Error::invalid_argument`] if `path` is invalid.
    pub async fn call_raw(&self, path: &str, request: impl Into<Request<Bytes>>) -> Result<Bytes> {
        self.call_as(RawCodec, path, request.into()).await
    }

    async fn call_as<M, R>(
        &self,
        codec: impl Codec<Encode = M, Decode = R>,
        path: &str,
        request: Request<M>,
    ) -> Result<R>
    where
        M: Send + Sync + 'static,
        R: Send + Sync + 'static,
    {
        let given = path;
        let path = path.parse::<PathAndQuery>();
        let path = path
            .map_err(|error| Error::invalid_argument(format!("invalid path {given:?}: {error}")))?;
        let timeout = request
            .timeout
            .unwrap_or(self.call_timeout)
            .min(MAX_TIMEOUT);
        let limit = request.limit(timeout);
        let request = into_tonic(request, timeout)?;
        let mut client = Grpc::with_origin(self.connection.clone(), Channel::origin())
            .max_decoding_message_size(usize::MAX);
        let call = async move {
            client.ready().await?;
            client.unary(request, path, codec).await
        };
        respond(limit, call).await
    }

    /// Streams what the plugin prints.
    pub(super) fn stdio(&self) -> GrpcStdioClient<Channel> {
        GrpcStdioClient::with_origin(self.connection.clone(), Channel::origin())
    }

    /// Opens the stream for brokering connections, as every host does.
    pub(super) fn broker(&self) -> GrpcBrokerClient<Channel> {
        GrpcBrokerClient::with_origin(self.connection.clone(), Channel::origin())
    }

    /// Asks the plugin to shut down, and returns whether it has responded.
    pub(crate) async fn ask_to_end(&self) -> bool {
        let mut controller =
            GrpcControllerClient::with_origin(self.connection.clone(), Channel::origin());
        // A closed connection counts as a response: plugins in Go close it before they respond.
        let response = timeout(SHUTDOWN_TIMEOUT, controller.shutdown(Empty {})).await;
        response.is_ok()
    }
}

// A method for each extension RPC.
include!("../generated/client.rs");

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("call_timeout", &self.call_timeout)
            .finish_non_exhaustive()
    }
}

/// The response to a call, within `limit`.
async fn respond<T>(
    limit: Duration,
    call: impl Future<Output = Result<Response<T>, Status>>,
) -> Result<T> {
    match timeout(limit, call).await {
        Ok(Ok(response)) => Ok(response.into_inner()),
        Ok(Err(status)) => Err(from_status(&status)),
        Err(_) => Err(Error::deadline_exceeded(
            "the plugin did not respond in time",
        )),
    }
}

fn from_status(status: &Status) -> Error {
    let code = Code::try_from(i32::from(status.code())).unwrap_or(Code::Unknown);
    Error::new(code, status.message())
}

fn into_tonic<M>(request: Request<M>, timeout: Duration) -> Result<tonic::Request<M>> {
    let mut tonic = tonic::Request::new(request.message);
    tonic.set_timeout(timeout);
    for (key, value) in request.metadata {
        let invalid = |what| {
            Error::invalid_argument(format!(
                "invalid {what} of the metadata {key:?}: expected ASCII"
            ))
        };
        let name = tonic::metadata::AsciiMetadataKey::from_bytes(key.as_bytes());
        let name = name.map_err(|_| invalid("key"))?;
        let value = value.parse().map_err(|_| invalid("value"))?;
        tonic.metadata_mut().append(name, value);
    }
    Ok(tonic)
}
