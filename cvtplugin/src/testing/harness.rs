//! How a plugin is run in a test.

use std::collections::BTreeMap;
use std::fmt;
use std::future::ready;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use secrecy::SecretString;

use super::plugin::{Lookup, TestPlugin};
use crate::host::LaunchError;
use crate::server::construct;
use crate::server::dispatch::instance::Constructor;
use crate::server::dispatch::unbound_instance::UnboundInstance;
use crate::{Plugin, Result, Server, Tasks};

/// Runs a plugin in a test: which one, and with what config.
///
/// The defaults are those of CVT: 5 s for each call.
///
/// `P` is the type of the plugin's instance, if there is one: see
/// [`TestPlugin::plugin`](super::TestPlugin::plugin).
#[must_use = "nothing runs until `start` is called"]
pub struct Harness<P = ()> {
    server: Server,
    instance: Lookup<P>,
    config: BTreeMap<String, SecretString>,
    call_timeout: Duration,
}

type Building<P> = Pin<Box<dyn Future<Output = Result<P>> + Send>>;

impl Harness {
    /// Runs the plugin `P`, built by its `new` from what [`config`](Self::config) delivers.
    pub fn plugin<P: Plugin>() -> Harness<P> {
        Harness::of(Arc::new(construct::<P>))
    }

    /// Runs the plugin `P`, built by its `new` from this config.
    ///
    /// ```
    /// # use cvtplugin::prelude::*;
    /// # use cvtplugin::testing::{Harness, block_on};
    /// #[derive(PluginConfig)]
    /// struct ShelfConfig {
    ///     /// What every schema looks like.
    ///     #[config(example = "{}")]
    ///     spec: String,
    /// }
    ///
    /// struct Shelf(ShelfConfig);
    ///
    /// #[cvt_plugin(name = "shelf", version = "0.1.0", main = false, opt_out(register_consumer_usage))]
    /// impl Shelf {
    ///     fn new(config: ShelfConfig) -> Self {
    ///         Self(config)
    ///     }
    ///
    ///     async fn fetch_schema(&self, _: FetchSchemaRequest) -> Result<FetchSchemaResponse> {
    ///         Ok(FetchSchemaResponse::new(self.0.spec.clone()))
    ///     }
    /// }
    ///
    /// block_on(async {
    ///     let config = ShelfConfig { spec: "[]".to_owned() };
    ///     let shelf = Harness::configured::<Shelf>(config).start().await.unwrap();
    ///     let schema = shelf.fetch_schema(FetchSchemaRequest::new("petstore")).await.unwrap();
    ///     assert_eq!(schema.spec, "[]");
    /// });
    /// ```
    pub fn configured<P: Plugin>(config: impl Into<P::Config>) -> Harness<P> {
        let config = config.into();
        Harness::beginning_with(|tasks| Box::pin(P::new(config, tasks)))
    }

    /// Runs a plugin that exists already, for example with a stand-in for its backend.
    pub fn instance<P: Plugin>(plugin: P) -> Harness<P> {
        Harness::beginning_with(|_| Box::pin(ready(Ok(plugin))))
    }

    /// Runs a plugin that is written without the macro. Its own [`logger`](Server::logger) is not
    /// used.
    pub fn server(server: Server) -> Self {
        Self::with(server, Box::new(|| None))
    }
}

impl<P: Plugin> Harness<P> {
    /// The plugin whose first instance is built by `first`, and any other by its `new`.
    fn beginning_with(first: impl FnOnce(Tasks) -> Building<P> + Send + 'static) -> Self {
        let first = Mutex::new(Some(first));
        Self::of(Arc::new(move |values, tasks| {
            let first = first.lock().unwrap_or_else(PoisonError::into_inner).take();
            match first {
                Some(first) => first(tasks),
                None => construct(values, tasks),
            }
        }))
    }

    fn of(construct: Constructor<P>) -> Self {
        let instance = Arc::new(UnboundInstance::new(construct));
        let looked_up = instance.clone();
        let lookup = move || looked_up.existing().map(|instance| instance.plugin());
        Self::with(Server::of(instance), Box::new(lookup))
    }
}

impl<P> Harness<P> {
    fn with(server: Server, instance: Lookup<P>) -> Self {
        Self {
            server,
            instance,
            config: BTreeMap::new(),
            call_timeout: Duration::from_secs(5),
        }
    }

    /// Sets a key of the plugin's config. Keys are delivered in sorted order, as CVT does.
    ///
    /// A [`configured`](Harness::configured) plugin or an [`instance`](Harness::instance) ignores
    /// it, until a key is set again while the plugin runs.
    pub fn config(mut self, key: impl Into<String>, value: impl Into<SecretString>) -> Self {
        self.config.insert(key.into(), value.into());
        self
    }

    /// Sets the timeout of each call that does not set its own in a [`Request`](super::Request).
    pub fn call_timeout(mut self, timeout: Duration) -> Self {
        self.call_timeout = timeout;
        self
    }

    /// Starts the plugin, requests its `Info`, and delivers its config.
    ///
    /// # Errors
    ///
    /// [`LaunchError::Info`] or [`LaunchError::SetConfig`], at which CVT would refuse to start.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime with time enabled.
    pub async fn start(self) -> Result<TestPlugin<P>, LaunchError> {
        TestPlugin::start(self.server, self.instance, self.config, self.call_timeout).await
    }
}

impl<P> fmt::Debug for Harness<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Harness")
            .field("server", &self.server)
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}
