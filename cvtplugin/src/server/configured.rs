//! A server, without the macro, whose instance is rebuilt when its config changes.

use std::fmt;
use std::marker::PhantomData;
use std::process::ExitCode;
use std::sync::Arc;

use tracing_subscriber::layer::Layer;
use tracing_subscriber::registry::Registry;

use super::Server;
use super::dispatch::handlers::{Handlers, Pending};
use super::dispatch::instance::Constructor;
use super::dispatch::unbound_instance::UnboundInstance;
use crate::logging::MakeLayers;
use crate::plugin::NotProvided;
use crate::{
    ConfigKey, ConfigValues, EventHandler, Health, PluginConfig, PluginInfo, RegistryProvider,
    Result, Tasks,
};

/// A plugin without the macro that has a typed config: see [`Server::configured`].
#[must_use = "a server does nothing until `serve` is called"]
pub struct ConfiguredServer<C, P, R = NotProvided, E = NotProvided> {
    info: PluginInfo,
    construct: Construct<C, P>,
    hooks: Hooks<P, R, E>,
    serves_registry: bool,
    serves_events: bool,
    layers: Option<MakeLayers>,
}

type Construct<C, P> = Box<dyn Fn(C, Tasks) -> Pending<'static, Result<P>> + Send + Sync>;

/// A closure over the instance.
type Of<P, T> = Arc<dyn Fn(Arc<P>) -> T + Send + Sync>;

/// What is done with an instance.
struct Hooks<P, R, E> {
    registry: Of<P, R>,
    events: Of<P, E>,
    lifecycle: Lifecycle<P>,
}

struct Lifecycle<P> {
    health: Option<Of<P, Pending<'static, Health>>>,
    shutdown: Of<P, Pending<'static, ()>>,
}

impl<P, R, E> Clone for Hooks<P, R, E> {
    fn clone(&self) -> Self {
        Self {
            registry: self.registry.clone(),
            events: self.events.clone(),
            lifecycle: Lifecycle {
                health: self.lifecycle.health.clone(),
                shutdown: self.lifecycle.shutdown.clone(),
            },
        }
    }
}

impl Server {
    /// Creates a plugin, without the macro, whose instance `new` builds from the config `C`, and
    /// builds again when CVT changes a value.
    ///
    /// It follows the rules of a `#[cvt_plugin]` with such a `new`: an instance is built by the
    /// first call, a failed build is that call's error and repeated by the next, and a replaced
    /// instance serves the calls that it has begun before its tasks and it are shut down.
    ///
    /// What is registered is what the plugin declares to CVT.
    ///
    /// ```no_run
    /// use std::process::ExitCode;
    /// use std::sync::Arc;
    ///
    /// use cvtplugin::prelude::*;
    /// use cvtplugin::{EventHandler, PluginInfo, Server};
    ///
    /// #[derive(PluginConfig)]
    /// struct BellConfig {
    ///     /// How often to ring.
    ///     #[config(default = 1)]
    ///     times: usize,
    /// }
    ///
    /// struct Bell {
    ///     sound: String,
    /// }
    ///
    /// struct Ringer(Arc<Bell>);
    ///
    /// impl EventHandler for Ringer {
    ///     async fn on_validation_failed(&self, _: Context, _: ValidationFailedRequest) -> Result<EventResponse> {
    ///         tracing::warn!("{}", self.0.sound);
    ///         Ok(EventResponse::new(true))
    ///     }
    /// }
    ///
    /// fn main() -> ExitCode {
    ///     let info = PluginInfo::new("bell", "0.1.0");
    ///     Server::configured(info, |config: BellConfig, _tasks| async move {
    ///         Ok(Bell { sound: "ding ".repeat(config.times) })
    ///     })
    ///     .events(|bell| Ringer(bell))
    ///     .serve()
    /// }
    /// ```
    pub fn configured<C, P, F>(
        info: PluginInfo,
        new: impl Fn(C, Tasks) -> F + Send + Sync + 'static,
    ) -> ConfiguredServer<C, P>
    where
        C: PluginConfig,
        P: Send + Sync + 'static,
        F: Future<Output = Result<P>> + Send + 'static,
    {
        ConfiguredServer {
            info,
            construct: Box::new(move |config, tasks| Box::pin(new(config, tasks))),
            hooks: Hooks {
                registry: Arc::new(|_| NotProvided),
                events: Arc::new(|_| NotProvided),
                lifecycle: Lifecycle {
                    health: None,
                    shutdown: Arc::new(|_| Box::pin(async {})),
                },
            },
            serves_registry: false,
            serves_events: false,
            layers: None,
        }
    }
}

impl<C, P, R, E> ConfiguredServer<C, P, R, E>
where
    C: PluginConfig,
    P: Send + Sync + 'static,
    R: RegistryProvider,
    E: EventHandler,
{
    /// Serves `registry.v1` through what `provider` makes of an instance, once for each.
    pub fn registry<N: RegistryProvider>(
        self,
        provider: impl Fn(Arc<P>) -> N + Send + Sync + 'static,
    ) -> ConfiguredServer<C, P, N, E> {
        ConfiguredServer {
            info: self.info,
            construct: self.construct,
            hooks: Hooks {
                registry: Arc::new(provider),
                events: self.hooks.events,
                lifecycle: self.hooks.lifecycle,
            },
            serves_registry: true,
            serves_events: self.serves_events,
            layers: self.layers,
        }
    }

    /// Serves `events.v1` through what `handler` makes of an instance, once for each.
    pub fn events<N: EventHandler>(
        self,
        handler: impl Fn(Arc<P>) -> N + Send + Sync + 'static,
    ) -> ConfiguredServer<C, P, R, N> {
        ConfiguredServer {
            info: self.info,
            construct: self.construct,
            hooks: Hooks {
                registry: self.hooks.registry,
                events: Arc::new(handler),
                lifecycle: self.hooks.lifecycle,
            },
            serves_registry: self.serves_registry,
            serves_events: true,
            layers: self.layers,
        }
    }

    /// Asks `health` whether the plugin is ready for calls. Without it, it always is.
    pub fn health<F>(mut self, health: impl Fn(Arc<P>) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Health> + Send + 'static,
    {
        self.hooks.lifecycle.health = Some(Arc::new(move |plugin| Box::pin(health(plugin))));
        self
    }

    /// Runs `shutdown` once for each instance, after its last call and its background tasks.
    pub fn shutdown<F>(mut self, shutdown: impl Fn(Arc<P>) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.hooks.lifecycle.shutdown = Arc::new(move |plugin| Box::pin(shutdown(plugin)));
        self
    }

    /// Adds layers to the log: see [`Server::layers`].
    pub fn layers<L: Layer<Registry> + Send + Sync>(
        mut self,
        make: impl FnOnce() -> L + Send + 'static,
    ) -> Self {
        self.layers = Some(MakeLayers::new(make));
        self
    }

    /// The server, for its further options and for the test harness.
    ///
    /// ```no_run
    /// use cvtplugin::prelude::*;
    /// use cvtplugin::{EventHandler, PluginInfo, RuntimeOptions, Server};
    ///
    /// struct Bell;
    ///
    /// impl EventHandler for Bell {}
    ///
    /// fn main() -> std::process::ExitCode {
    ///     Server::configured(PluginInfo::new("bell", "0.1.0"), |(), _tasks| async { Ok(()) })
    ///         .events(|_| Bell)
    ///         .build()
    ///         .runtime(RuntimeOptions::new().worker_threads(2))
    ///         .serve()
    /// }
    /// ```
    pub fn build(self) -> Server {
        let Self {
            construct, hooks, ..
        } = self;
        let construct = Arc::new(construct);
        let construct: Constructor<Configured<C, P, R, E>> = Arc::new(move |values, tasks| {
            let (construct, hooks) = (construct.clone(), hooks.clone());
            Box::pin(build(construct, values, tasks, hooks))
        });
        let instance = Arc::new(UnboundInstance::new(construct));
        let mut server = Server::new(self.info);
        server.layers = self.layers;
        if self.serves_registry {
            server = server.registry_of(instance.clone());
        }
        if self.serves_events {
            server = server.events_of(instance.clone());
        }
        server.hooks_of(instance)
    }

    /// Serves the host that launched this process: see [`serve`](crate::serve).
    #[must_use = "it is the exit code of the process: return it from `main`"]
    pub fn serve(self) -> ExitCode {
        self.build().serve()
    }
}

async fn build<C: PluginConfig, P, R, E>(
    construct: Arc<Construct<C, P>>,
    values: ConfigValues,
    tasks: Tasks,
    hooks: Hooks<P, R, E>,
) -> Result<Configured<C, P, R, E>> {
    let config = C::from_values(&values)?;
    let plugin = Arc::new(construct(config, tasks).await?);
    Ok(Configured {
        plugin,
        hooks,
        of: PhantomData,
    })
}

/// An instance and the closures over it.
struct Configured<C, P, R, E> {
    plugin: Arc<P>,
    hooks: Hooks<P, R, E>,
    of: PhantomData<fn() -> C>,
}

impl<C, P, R, E> Handlers for Configured<C, P, R, E>
where
    C: PluginConfig,
    P: Send + Sync + 'static,
    R: RegistryProvider,
    E: EventHandler,
{
    type Registry = R;
    type Events = E;

    const KEYS: &'static [ConfigKey] = C::KEYS;

    fn registry(self: Arc<Self>) -> R {
        (self.hooks.registry)(self.plugin.clone())
    }

    fn events(self: Arc<Self>) -> E {
        (self.hooks.events)(self.plugin.clone())
    }

    fn has_health(&self) -> bool {
        self.hooks.lifecycle.health.is_some()
    }

    async fn health(self: Arc<Self>) -> Health {
        match &self.hooks.lifecycle.health {
            Some(health) => health(self.plugin.clone()).await,
            None => Health::Serving,
        }
    }

    async fn shutdown(self: Arc<Self>) {
        (self.hooks.lifecycle.shutdown)(self.plugin.clone()).await;
    }
}

impl<C, P, R, E> fmt::Debug for ConfiguredServer<C, P, R, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConfiguredServer")
            .field("info", &self.info)
            .field("serves_registry", &self.serves_registry)
            .field("serves_events", &self.serves_events)
            .finish_non_exhaustive()
    }
}
