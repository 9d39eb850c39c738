//! How a plugin is run in a test.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use secrecy::SecretString;

use super::TestPlugin;
use crate::host::LaunchError;
use crate::{Plugin, Server};

/// How to run a plugin in a test: which, and with what config.
///
/// What is not said is as CVT has it: 5 s for each call.
#[must_use = "nothing runs until `start` is called"]
pub struct Harness {
    pub(super) server: Server,
    pub(super) config: BTreeMap<String, SecretString>,
    pub(super) call_timeout: Duration,
}

impl Harness {
    /// The plugin `P`, made by its own constructor of what [`config`](Self::config) delivers.
    pub fn plugin<P: Plugin>() -> Self {
        Self::server(Server::plugin::<P>())
    }

    /// The plugin `P`, made by its own constructor of this config.
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
    pub fn configured<P: Plugin>(config: P::Config) -> Self {
        Self::server(Server::beginning_with::<P>(async { P::new(config).await }))
    }

    /// A plugin that is there already: with what stands for its backend in the test, for instance.
    pub fn instance<P: Plugin>(plugin: P) -> Self {
        Self::server(Server::beginning_with(std::future::ready(Ok(plugin))))
    }

    /// A plugin made by hand. Its own [`logger`](Server::logger) is not used.
    pub fn server(server: Server) -> Self {
        Self {
            server,
            config: BTreeMap::new(),
            call_timeout: Duration::from_secs(5),
        }
    }

    /// Sets a key of the plugin's config. Keys are delivered in their order, as CVT does.
    ///
    /// What was [`configured`](Self::configured) or is an [`instance`](Self::instance) already takes
    /// no notice of it, until a key is set anew while the plugin runs.
    pub fn config(mut self, key: impl Into<String>, value: impl Into<SecretString>) -> Self {
        self.config.insert(key.into(), value.into());
        self
    }

    /// How long a call may take, unless its [`Request`](super::Request) says otherwise.
    pub fn call_timeout(mut self, timeout: Duration) -> Self {
        self.call_timeout = timeout;
        self
    }

    /// Starts the plugin, asks who it is, and delivers its config.
    ///
    /// # Errors
    ///
    /// [`LaunchError::Info`] or [`LaunchError::SetConfig`], with which CVT would refuse to start.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime with time enabled.
    pub async fn start(self) -> Result<TestPlugin, LaunchError> {
        TestPlugin::start(self).await
    }
}

impl fmt::Debug for Harness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Harness")
            .field("server", &self.server)
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}
