//! A plugin as a type: what `#[cvt_plugin]` makes of an impl block.

use std::future::{Future, ready};
use std::sync::Arc;

use secrecy::SecretString;

use crate::__private::HoldsConfig;
use crate::logging::MakeLayers;
use crate::pb::registry::v1::{
    FetchSchemaRequest, FetchSchemaResponse, RegisterConsumerUsageRequest,
    RegisterConsumerUsageResponse,
};
use crate::providers::opted_out;
use crate::rpc::Rpc;
use crate::runtime_options::RuntimeOptions;
use crate::tasks::Tasks;
use crate::{Context, EventHandler, Health, PluginInfo, RegistryProvider, Result};

/// A type that [`#[cvt_plugin]`](crate::cvt_plugin) made a plugin.
///
/// [`serve`](crate::serve), [`Server::plugin`](crate::Server::plugin) and the test harness take
/// one. Only the macro can implement it, which derives the RPCs, the services and the types that
/// serve them from the same methods. Without the macro, a plugin is a
/// [`Server`](crate::Server): with handlers that stay, or with
/// [`Server::configured`](crate::Server::configured) for an instance that is rebuilt when its
/// config changes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a plugin",
    label = "its impl block is not annotated",
    note = "write `#[cvt_plugin]` on the impl block with its methods"
)]
pub trait Plugin: Definition {}

#[diagnostic::do_not_recommend]
impl<P: Definition> Plugin for P {}

/// How a plugin is built and used. For the macro alone.
#[doc(hidden)]
pub trait Definition: Send + Sync + Sized + 'static {
    /// The config, in a type as public as the plugin; `()` for none.
    type Config: HoldsConfig;
    /// What serves the registry; [`NotProvided`] for nothing.
    type Registry: RegistryProvider + From<Arc<Self>>;
    /// What serves the events; [`NotProvided`] for nothing.
    type Events: EventHandler + From<Arc<Self>>;

    /// The RPCs with a handler. What the plugin declares to CVT follows from them.
    const RPCS: &'static [Rpc];

    fn info() -> PluginInfo;

    fn runtime() -> RuntimeOptions {
        RuntimeOptions::default()
    }

    /// What makes the layers beside the log to the host.
    fn layers() -> Option<MakeLayers> {
        None
    }

    /// Builds an instance, never before the handshake line is out.
    fn new(config: Self::Config, tasks: Tasks) -> impl Future<Output = Result<Self>> + Send;

    /// Whether [`set_config`](Self::set_config) is overridden. Otherwise it is not called: a key
    /// that the typed config does not have is ignored with a warning.
    const HAS_SET_CONFIG: bool = false;

    /// The keys of the raw config whose values are secret.
    const SECRETS: &'static [&'static str] = &[];

    /// Receives one key, for a plugin without a typed config.
    fn set_config(
        self: Arc<Self>,
        ctx: Context,
        key: String,
        value: SecretString,
    ) -> impl Future<Output = Result<()>> + Send {
        let _ = (ctx, key, value);
        ready(Ok(()))
    }

    /// Whether [`health`](Self::health) is overridden. Otherwise it is not called, and a plugin
    /// counts as ready even when its handlers occupy all threads.
    const HAS_HEALTH: bool = false;

    fn health(self: Arc<Self>) -> impl Future<Output = Health> + Send {
        ready(Health::Serving)
    }

    /// Runs once, after the last call and the background tasks.
    fn shutdown(self: Arc<Self>) -> impl Future<Output = ()> + Send {
        ready(())
    }
}

/// Takes the place of a service that a plugin does not serve.
#[expect(clippy::exhaustive_structs, reason = "there is nothing to it")]
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
