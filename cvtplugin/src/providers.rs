//! The services of a plugin, as traits: `#[cvt_plugin]` implements them for you; without it you
//! implement them for a [`Server`](crate::Server).
//!
//! Calls run concurrently, each in its own task.

use std::future::{Future, ready};

use secrecy::SecretString;

use crate::pb::events::v1::{
    BreakingChangeDetectedRequest, EventResponse, ValidationFailedRequest,
};
use crate::pb::registry::v1::{
    FetchSchemaRequest, FetchSchemaResponse, RegisterConsumerUsageRequest,
    RegisterConsumerUsageResponse,
};
use crate::{ConfigKey, Context, Error, Result, Rpc};

/// Provides CVT with schemas: the service `registry.v1`.
///
/// RPCs that the protocol gains later become further methods, which opt out by default.
///
/// ```
/// use cvtplugin::prelude::*;
/// use cvtplugin::RegistryProvider;
///
/// struct Shelf;
///
/// impl RegistryProvider for Shelf {
///     async fn fetch_schema(&self, _: Context, request: FetchSchemaRequest) -> Result<FetchSchemaResponse> {
///         Err(Error::not_found(format!("no schema {}", request.schema_id)))
///     }
///
///     async fn register_consumer_usage(
///         &self,
///         _: Context,
///         _: RegisterConsumerUsageRequest,
///     ) -> Result<RegisterConsumerUsageResponse> {
///         Ok(RegisterConsumerUsageResponse::new(true))
///     }
/// }
/// ```
pub trait RegistryProvider: Send + Sync + 'static {
    /// Fetches one schema. An empty `version` asks for the latest.
    ///
    /// # Errors
    ///
    /// Those of the backend: [`Error::not_found`] for a schema that does not exist,
    /// [`Error::unavailable`] if it cannot be reached. With [`Error::unimplemented`] the plugin opts
    /// out, and CVT goes on with its own storage; any other error keeps it from there, unless the
    /// operator has set `on_error: fail_open`.
    fn fetch_schema(
        &self,
        ctx: Context,
        request: FetchSchemaRequest,
    ) -> impl Future<Output = Result<FetchSchemaResponse>> + Send;

    /// Records which endpoints of a schema a consumer uses. Must be an idempotent upsert, since
    /// CVT may repeat it.
    ///
    /// # Errors
    ///
    /// Those of the backend.
    fn register_consumer_usage(
        &self,
        ctx: Context,
        request: RegisterConsumerUsageRequest,
    ) -> impl Future<Output = Result<RegisterConsumerUsageResponse>> + Send;
}

/// Receives what CVT finds: the service `events.v1`.
///
/// A method that is left out opts out of its event, which is then a no-op for CVT, never a failure.
/// Events that the protocol gains later become further methods.
///
/// ```
/// use cvtplugin::prelude::*;
/// use cvtplugin::EventHandler;
///
/// struct Bell;
///
/// impl EventHandler for Bell {
///     async fn on_validation_failed(&self, _: Context, event: ValidationFailedRequest) -> Result<EventResponse> {
///         tracing::warn!(schema = event.schema_id, "validation failed");
///         Ok(EventResponse::new(true))
///     }
/// }
/// ```
pub trait EventHandler: Send + Sync + 'static {
    /// A new version of a schema breaks consumers of the old one.
    ///
    /// # Errors
    ///
    /// Returns an error if the event could not be handled; [`Error::unimplemented`] opts out.
    fn on_breaking_change_detected(
        &self,
        ctx: Context,
        event: BreakingChangeDetectedRequest,
    ) -> impl Future<Output = Result<EventResponse>> + Send {
        let _ = (ctx, event);
        opted_out(Rpc::OnBreakingChangeDetected)
    }

    /// A request or response does not match its schema.
    ///
    /// # Errors
    ///
    /// Returns an error if the event could not be handled; [`Error::unimplemented`] opts out.
    fn on_validation_failed(
        &self,
        ctx: Context,
        event: ValidationFailedRequest,
    ) -> impl Future<Output = Result<EventResponse>> + Send {
        let _ = (ctx, event);
        opted_out(Rpc::OnValidationFailed)
    }
}

/// Receives the plugin's config as CVT delivers it: one key at a time.
///
/// CVT sends every configured key once, in sorted order, before the first extension call, and never
/// says when it has sent the last.
///
/// ```
/// use cvtplugin::prelude::*;
/// use cvtplugin::ConfigReceiver;
///
/// struct Verbosity;
///
/// impl ConfigReceiver for Verbosity {
///     async fn set_config(&self, _: Context, key: String, value: SecretString) -> Result<()> {
///         match (key.as_str(), value.expose_secret()) {
///             ("verbosity", "quiet" | "loud") => Ok(()),
///             ("verbosity", _) => Err(Error::invalid_argument("verbosity is quiet or loud")),
///             // A newer CVT may send keys that this plugin does not know.
///             _ => Ok(()),
///         }
///     }
/// }
/// ```
pub trait ConfigReceiver: Send + Sync + 'static {
    /// Receives one key. Values are strings in which CVT has expanded `${VAR}`. Each may be a
    /// secret, so do not log them.
    ///
    /// # Errors
    ///
    /// [`Error::invalid_argument`] for an invalid value: CVT then refuses to start, and shows the key
    /// and the message.
    fn set_config(
        &self,
        ctx: Context,
        key: String,
        value: SecretString,
    ) -> impl Future<Output = Result<()>> + Send;

    /// The keys that it accepts, for the plugin's `--config` and `--info`, and to keep the values of
    /// [secret](ConfigKey::secret) ones out of its log. None by default.
    fn keys(&self) -> &'static [ConfigKey] {
        &[]
    }
}

/// The response to an RPC without a method.
pub(crate) fn opted_out<T: Send>(rpc: Rpc) -> impl Future<Output = Result<T>> + Send {
    let message = format!("this plugin does not handle {}", rpc.name());
    ready(Err(Error::unimplemented(message)))
}
