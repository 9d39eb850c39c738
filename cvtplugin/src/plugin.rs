//! A plugin as a type: what `#[cvt_plugin]` makes of an impl block.

use std::future::{Future, ready};
use std::sync::Arc;

use secrecy::SecretString;

use crate::pb::registry::v1::{
    FetchSchemaRequest, FetchSchemaResponse, RegisterConsumerUsageRequest,
    RegisterConsumerUsageResponse,
};
use crate::providers::opted_out;
use crate::{
    Context, EventHandler, Health, PluginConfig, PluginInfo, RegistryProvider, Result, Rpc,
    RuntimeOptions,
};

/// A plugin as a type: how it is made, and what it serves.
///
/// `#[cvt_plugin]` implements this for you, and [`serve`](crate::serve) takes it. By hand, a
/// [`Server`](crate::Server) with the traits of the services is less to write, but only a type is
/// made anew when its config changes.
///
/// ```no_run
/// use std::process::ExitCode;
/// use std::sync::Arc;
/// use cvtplugin::prelude::*;
/// use cvtplugin::{EventHandler, Plugin, PluginInfo, Rpc, NotProvided};
///
/// struct Bell;
///
/// /// A reference to the plugin, which serves its events.
/// struct Events(Arc<Bell>);
///
/// impl From<Arc<Bell>> for Events {
///     fn from(bell: Arc<Bell>) -> Self {
///         Self(bell)
///     }
/// }
///
/// impl EventHandler for Events {
///     async fn on_validation_failed(&self, _: Context, event: ValidationFailedRequest) -> Result<EventResponse> {
///         self.0.ring(&event.schema_id);
///         Ok(EventResponse::new(true))
///     }
/// }
///
/// impl Bell {
///     fn ring(&self, schema: &str) {
///         tracing::warn!(schema, "ding");
///     }
/// }
///
/// impl Plugin for Bell {
///     type Config = ();
///     type Registry = NotProvided;
///     type Events = Events;
///     const RPCS: &'static [Rpc] = &[Rpc::OnValidationFailed];
///
///     fn info() -> PluginInfo {
///         PluginInfo::new("bell", "0.1.0")
///     }
///
///     async fn new((): ()) -> Result<Self> {
///         Ok(Self)
///     }
/// }
///
/// fn main() -> ExitCode {
///     cvtplugin::serve::<Bell>()
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a plugin",
    label = "its impl block is not annotated",
    note = "write `#[cvt_plugin]` on the impl block with its methods"
)]
pub trait Plugin: Send + Sync + Sized + 'static {
    /// What the plugin is configured with; `()` for nothing.
    type Config: PluginConfig;
    /// What provides the registry; [`NotProvided`] for nothing.
    type Registry: RegistryProvider + From<Arc<Self>>;
    /// What handles the events; [`NotProvided`] for nothing.
    type Events: EventHandler + From<Arc<Self>>;

    /// The RPCs that the plugin handles. What it declares to CVT follows from them.
    const RPCS: &'static [Rpc];

    /// Who the plugin says it is.
    fn info() -> PluginInfo;

    /// How the runtime that runs the plugin's handlers is made.
    fn runtime() -> RuntimeOptions {
        RuntimeOptions::default()
    }

    /// Makes the plugin, never before the handshake line is out.
    ///
    /// # Errors
    ///
    /// Whatever keeps the plugin from working. Without a config CVT fails to start and shows the
    /// message; with one, every call fails with it until a later try succeeds.
    fn new(config: Self::Config) -> impl Future<Output = Result<Self>> + Send;

    /// Whether [`set_config`](Self::set_config) is overridden. Otherwise it is not called: a key
    /// that is none of the typed [`Config`](Self::Config)'s is left aside with a warning.
    const HAS_SET_CONFIG: bool = false;

    /// The keys of the raw config whose values are secret: see
    /// [`set_config`](Self::set_config). A typed [`Config`](Self::Config) has them in its fields.
    const SECRETS: &'static [&'static str] = &[];

    /// Takes one key of the config, for a plugin that has no typed [`Config`](Self::Config): see
    /// [`HAS_SET_CONFIG`](Self::HAS_SET_CONFIG).
    ///
    /// # Errors
    ///
    /// As for [`ConfigReceiver::set_config`](crate::ConfigReceiver::set_config).
    fn set_config(
        self: Arc<Self>,
        ctx: Context,
        key: String,
        value: SecretString,
    ) -> impl Future<Output = Result<()>> + Send {
        let _ = (ctx, key, value);
        ready(Ok(()))
    }

    /// Whether [`health`](Self::health) is overridden. Otherwise it is not asked, and a plugin
    /// counts as ready even when its handlers hold all threads.
    const HAS_HEALTH: bool = false;

    /// Whether the plugin is ready for calls. It is, unless overridden: see
    /// [`HAS_HEALTH`](Self::HAS_HEALTH).
    fn health(self: Arc<Self>) -> impl Future<Output = Health> + Send {
        ready(Health::Serving)
    }

    /// Runs once, after the last call, with a second to finish. Only a plain `fn` whose call has
    /// expired may still be running.
    fn shutdown(self: Arc<Self>) -> impl Future<Output = ()> + Send {
        ready(())
    }
}

/// Stands for a service that a plugin does not serve.
#[derive(Clone, Copy, Debug)]
pub struct NotProvided;

impl<P> From<Arc<P>> for NotProvided {
    fn from(_: Arc<P>) -> Self {
        Self
    }
}

impl EventHandler for NotProvided {}

impl RegistryProvider for NotProvided {
    fn fetch_schema(
        &self,
        _: Context,
        _: FetchSchemaRequest,
    ) -> impl Future<Output = Result<FetchSchemaResponse>> + Send {
        opted_out(Rpc::FetchSchema)
    }

    fn register_consumer_usage(
        &self,
        _: Context,
        _: RegisterConsumerUsageRequest,
    ) -> impl Future<Output = Result<RegisterConsumerUsageResponse>> + Send {
        opted_out(Rpc::RegisterConsumerUsage)
    }
}
