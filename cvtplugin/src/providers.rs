//! The services of a plugin, as traits: what `#[cvt_plugin]` implements for you, and what you
//! implement by hand for a [`Server`](crate::Server) of your own.
//!
//! Calls run concurrently, each in a task of its own.

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

/// Where CVT gets its schemas from: the service `registry.v1`.
///
/// RPCs that the protocol gains later come as further methods, opted out of by default.
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
    /// Fetches one schema; an empty `version` asks for the latest.
    ///
    /// # Errors
    ///
    /// Those of the backend: [`Error::not_found`] for a schema it does not have,
    /// [`Error::unavailable`] when it cannot be reached.
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

/// What CVT reports its findings to: the service `events.v1`.
///
/// Every event is opted out of unless its method is there: such an event is a no-op for CVT,
/// never a failure. Events that the protocol gains later come as further methods.
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
    /// Whatever kept the plugin from handling the event; [`Error::unimplemented`] opts out.
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
    /// Whatever kept the plugin from handling the event; [`Error::unimplemented`] opts out.
    fn on_validation_failed(
        &self,
        ctx: Context,
        event: ValidationFailedRequest,
    ) -> impl Future<Output = Result<EventResponse>> + Send {
        let _ = (ctx, event);
        opted_out(Rpc::OnValidationFailed)
    }
}

/// Takes the plugin's config as CVT delivers it: one key at a time.
///
/// CVT sends every configured key once, in the order of the keys, before the first extension
/// call, and never says when it has sent the last.
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
    /// Takes one key. Values are strings, after CVT has expanded `${VAR}` in them; any of them
    /// may be a secret, so none may be logged.
    ///
    /// # Errors
    ///
    /// [`Error::invalid_argument`] for a value that makes no sense: CVT then refuses to start
    /// and shows the key and the message.
    fn set_config(
        &self,
        ctx: Context,
        key: String,
        value: SecretString,
    ) -> impl Future<Output = Result<()>> + Send;

    /// The keys that it knows, for the plugin's `--config` and `--info`, and so that the secrets
    /// among them stay out of its log. None, unless overridden.
    fn keys(&self) -> &'static [ConfigKey] {
        &[]
    }
}

/// The answer to an RPC that a plugin has no method for.
pub(crate) fn opted_out<T: Send>(rpc: Rpc) -> impl Future<Output = Result<T>> + Send {
    let message = format!("this plugin does not handle {}", rpc.name());
    ready(Err(Error::unimplemented(message)))
}
