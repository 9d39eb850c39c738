//! Serves a plugin to its host: connections come in through `transport`, reach the gRPC services of
//! `services`, and these have handlers run by `dispatch`.

mod configured;
pub(crate) mod deadline;
pub(crate) mod dispatch;
mod extensions;
mod layers;
mod serve;
mod services;
pub(crate) mod session;
pub(crate) mod shutdown;
pub(crate) mod start_error;
mod status;
pub(crate) mod transport;

use std::fmt;
use std::process::ExitCode;
use std::sync::Arc;

use tracing::{Dispatch, Subscriber};

pub use configured::ConfiguredServer;
pub(crate) use dispatch::call::RequestId;
use dispatch::dispatcher::Dispatcher;
use dispatch::early_start::EarlyStart;
use dispatch::handlers::{Handlers, Pending};
use dispatch::hooks::{Hooks, ReceiverHooks};
use dispatch::instance::InstanceProvider;
pub(crate) use dispatch::scheduler::owns_thread;
pub use dispatch::spec::spec_problem;
use dispatch::unbound_instance::UnboundInstance;
use transport::router::Router;

use crate::__private::HoldsConfig as _;
use crate::config::{ConfigKey, ConfigValues, TypedConfig};
use crate::error::Result;
use crate::info::PluginInfo;
use crate::logging::MakeLayers;
use crate::plugin::Plugin;
use crate::protocol::{SERVICE_EVENTS_V1, SERVICE_REGISTRY_V1};
use crate::providers::{ConfigReceiver, EventHandler, RegistryProvider};
use crate::rpc::Rpc;
use crate::runtime_options::RuntimeOptions;
use crate::standalone::Description;
use crate::tasks::Tasks;

/// Serves the plugin `P` to the host that launched this process, until the host ends it.
///
/// This is all that the `main` of a `#[cvt_plugin]` calls. The exit code is a failure if no host
/// launched this process, or if it could not be served; stderr then says why.
///
/// ```no_run
/// use cvtplugin::prelude::*;
///
/// struct Bell;
///
/// #[cvt_plugin(name = "bell", version = "0.1.0", main = false)]
/// impl Bell {
///     fn new() -> Self {
///         Self
///     }
///
///     async fn on_validation_failed(&self, event: ValidationFailedRequest) -> Result<()> {
///         tracing::warn!(schema = event.schema_id, "validation failed");
///         Ok(())
///     }
/// }
///
/// fn main() -> std::process::ExitCode {
///     cvtplugin::serve::<Bell>()
/// }
/// ```
#[must_use = "it is the exit code of the process: return it from `main`"]
pub fn serve<P: Plugin>() -> ExitCode {
    Server::serve_made_by(Server::plugin::<P>)
}

/// Serves a plugin without the macro: the services as traits, one to one with CVT's Go SDK.
///
/// ```no_run
/// use std::sync::Arc;
/// use cvtplugin::prelude::*;
/// use cvtplugin::{EventHandler, PluginInfo, Server};
///
/// struct Bell;
///
/// impl EventHandler for Bell {
///     async fn on_validation_failed(&self, _: Context, event: ValidationFailedRequest) -> Result<EventResponse> {
///         tracing::warn!(schema = event.schema_id, "validation failed");
///         Ok(EventResponse::new(true))
///     }
/// }
///
/// fn main() -> std::process::ExitCode {
///     Server::new(PluginInfo::new("bell", "0.1.0"))
///         .events(Arc::new(Bell))
///         .serve()
/// }
/// ```
#[must_use = "a server does nothing until `serve` is called"]
pub struct Server {
    pub(crate) info: PluginInfo,
    extensions: Vec<Extension>,
    hooks: MakeHooks,
    pub(crate) runtime: RuntimeOptions,
    subscriber: Option<Dispatch>,
    layers: Option<MakeLayers>,
    /// What is known to be handled; `None` for all of the services' RPCs.
    rpcs: Option<&'static [Rpc]>,
    keys: &'static [ConfigKey],
}

/// A service that not every plugin serves.
struct Extension {
    /// How the plugin declares it, such as `registry.v1`.
    name: &'static str,
    add: AddTo,
}

type AddTo = Box<dyn FnOnce(&Dispatcher, &mut Router) + Send>;

type MakeHooks = Box<dyn FnOnce(&Dispatcher) -> Arc<dyn Hooks> + Send>;

impl Server {
    /// A plugin that serves no extension yet.
    pub fn new(info: PluginInfo) -> Self {
        Self {
            info,
            extensions: Vec::new(),
            hooks: receiver_hooks(Arc::new(TypedConfig::<()>::new()), &[]),
            runtime: RuntimeOptions::default(),
            subscriber: None,
            layers: None,
            rpcs: None,
            keys: &[],
        }
    }

    /// The plugin `P`, with everything it serves.
    pub fn plugin<P: Plugin>() -> Self {
        Self::of(Arc::new(UnboundInstance::<P>::new(Arc::new(construct))))
    }

    /// The plugin `P`, built as soon as its config is there instead of by its first call: for a
    /// plugin with work of its own to do.
    ///
    /// No host says which key of the config is the last, so the plugin is built when no key has come
    /// for 100 ms. If that fails, the first call tries again.
    ///
    /// ```no_run
    /// # use cvtplugin::prelude::*;
    /// # use cvtplugin::Server;
    /// # #[derive(PluginConfig)]
    /// # struct BellConfig { #[doc = "How often to ring."] #[config(default = 1)] times: usize }
    /// # struct Bell;
    /// #[cvt_plugin(name = "bell", version = "0.1.0", main = false)]
    /// impl Bell {
    ///     fn new(config: BellConfig) -> Self {
    ///         // Starts to send what the last process could not.
    /// #       let _ = config.times;
    ///         Self
    ///     }
    /// #   async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> { Ok(()) }
    /// }
    ///
    /// fn main() -> std::process::ExitCode {
    ///     Server::early_plugin::<Bell>().serve()
    /// }
    /// ```
    pub fn early_plugin<P: Plugin>() -> Self {
        let instance = Arc::new(UnboundInstance::<P>::new(Arc::new(construct)));
        let mut server = Self::of(instance.clone());
        server.hooks =
            Box::new(move |dispatcher| Arc::new(EarlyStart::new(instance.bind(dispatcher))));
        server
    }

    pub(crate) fn of<P: Plugin>(instance: Arc<UnboundInstance<P>>) -> Self {
        let mut server = Self::new(P::info()).runtime(P::runtime());
        if serves::<P>(SERVICE_REGISTRY_V1) {
            server = server.registry_of(instance.clone());
        }
        if serves::<P>(SERVICE_EVENTS_V1) {
            server = server.events_of(instance.clone());
        }
        server.rpcs = Some(P::RPCS);
        server.layers = P::layers();
        server.hooks_of(instance)
    }

    fn registry_of<P: Handlers>(self, instance: Arc<UnboundInstance<P>>) -> Self {
        self.registry_from(move |dispatcher: &Dispatcher| {
            InstanceProvider::registry(instance.bind(dispatcher))
        })
    }

    fn events_of<P: Handlers>(self, instance: Arc<UnboundInstance<P>>) -> Self {
        self.events_from(move |dispatcher: &Dispatcher| {
            InstanceProvider::events(instance.bind(dispatcher))
        })
    }

    /// Passes the config to the instance, and asks it for health.
    fn hooks_of<P: Handlers>(mut self, instance: Arc<UnboundInstance<P>>) -> Self {
        self.hooks = Box::new(move |dispatcher| Arc::new(instance.bind(dispatcher)));
        self.keys = P::KEYS;
        self
    }

    /// Serves `registry.v1`.
    pub fn registry<R: RegistryProvider>(self, registry: Arc<R>) -> Self {
        self.registry_from(|_: &Dispatcher| registry)
    }

    /// Serves `events.v1`.
    pub fn events<E: EventHandler>(self, events: Arc<E>) -> Self {
        self.events_from(|_: &Dispatcher| events)
    }

    /// Passes the config on. Without a receiver every key is ignored, with a warning.
    pub fn config_receiver<C: ConfigReceiver>(mut self, receiver: Arc<C>) -> Self {
        self.keys = receiver.keys();
        self.hooks = receiver_hooks(receiver, self.keys);
        self
    }

    /// Logs through `subscriber`, instead of to the host. A global subscriber that is set already
    /// stays.
    pub fn logger(mut self, subscriber: impl Subscriber + Send + Sync) -> Self {
        self.subscriber = Some(Dispatch::new(subscriber));
        self
    }

    /// Runs the handlers on such a runtime.
    pub fn runtime(mut self, runtime: RuntimeOptions) -> Self {
        self.runtime = runtime;
        self
    }

    /// What the plugin says of itself to somebody who runs it standalone.
    fn description(&self) -> Description<'_> {
        let services: Vec<_> = self.extensions.iter().map(|service| service.name).collect();
        let served = |rpc: &Rpc| services.contains(&rpc.service());
        Description {
            info: &self.info,
            rpcs: self.rpcs.map_or_else(
                || Rpc::ALL.iter().copied().filter(served).collect(),
                <[Rpc]>::to_vec,
            ),
            services,
            keys: self.keys,
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let services: Vec<_> = self.extensions.iter().map(|service| service.name).collect();
        f.debug_struct("Server")
            .field("info", &self.info)
            .field("services", &services)
            .finish_non_exhaustive()
    }
}

/// Builds an instance by the plugin's own `new`.
pub(crate) fn construct<P: Plugin>(
    values: ConfigValues,
    tasks: Tasks,
) -> Pending<'static, Result<P>> {
    Box::pin(async move { P::new(P::Config::READER.read(&values)?, tasks).await })
}

fn receiver_hooks<C: ConfigReceiver>(receiver: Arc<C>, keys: &'static [ConfigKey]) -> MakeHooks {
    Box::new(move |dispatcher| Arc::new(ReceiverHooks::new(receiver, keys, dispatcher.clone())))
}

/// Whether the plugin handles any RPC of a service.
fn serves<P: Plugin>(service: &str) -> bool {
    P::RPCS.iter().any(|rpc| rpc.service() == service)
}
