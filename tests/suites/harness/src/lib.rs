//! Plugins that are run by the test harness.

use std::sync::Arc;
use std::time::Duration;

use cvtplugin::prelude::*;
use cvtplugin::{EventHandler, PluginInfo, Server};
use tokio::sync::Notify;

/// What [`Shelf`] is configured with.
#[derive(PluginConfig)]
pub struct ShelfConfig {
    /// What every schema looks like.
    #[config(example = "{}")]
    pub spec: String,
    /// How often it is repeated.
    #[config(default = 1)]
    pub times: usize,
    /// What nobody may see.
    pub token: Option<SecretString>,
}

/// A plugin of both services; the id of a schema is a command for it.
pub struct Shelf {
    config: ShelfConfig,
    /// Told when a call has begun.
    pub begun: Arc<Notify>,
    /// Told when a call that waited was cancelled.
    pub cancelled: Arc<Notify>,
}

#[cvt_plugin(name = "shelf", version = "1.2.3", main = false)]
impl Shelf {
    /// A shelf that is filled as the config says.
    ///
    /// # Errors
    ///
    /// With the spec `broken`.
    pub async fn new(config: ShelfConfig) -> Result<Self> {
        if config.spec == "broken" {
            return Err(Error::unavailable("the shelf is broken"));
        }
        tracing::info!(times = config.times, "filled");
        Ok(Self {
            config,
            begun: Arc::default(),
            cancelled: Arc::default(),
        })
    }

    async fn fetch_schema(
        &self,
        ctx: Context,
        request: FetchSchemaRequest,
    ) -> Result<FetchSchemaResponse> {
        let token = self.config.token.as_ref();
        let token = token.map_or("none", |token| token.expose_secret());
        match request.schema_id.as_str() {
            "wait" => {
                let cancelled = self.cancelled.clone();
                tokio::spawn(async move {
                    ctx.cancelled().await;
                    cancelled.notify_one();
                });
                self.begun.notify_one();
                std::future::pending().await
            }
            "slow" => {
                self.begun.notify_one();
                tokio::time::sleep(Duration::from_millis(300)).await;
                Ok(FetchSchemaResponse::new("slow"))
            }
            "html" => Ok(FetchSchemaResponse::new("<html></html>")),
            "openapi" => Ok(FetchSchemaResponse::new(r#"{"openapi": "3.1.0"}"#)),
            "panic" => panic!("off the shelf"),
            "block" => {
                while !ctx.is_cancelled() {
                    std::thread::sleep(Duration::from_millis(1));
                }
                Err(Error::cancelled("blocked in vain"))
            }
            "leak" => {
                tracing::error!(token, "the token is {token}");
                Err(Error::unavailable(format!("401 for {token}")))
            }
            id if id.starts_with("log ") => {
                tracing::debug!(id, "asked");
                Ok(FetchSchemaResponse::new(""))
            }
            id => {
                let user = ctx.metadata("x-user").unwrap_or_default();
                Ok(
                    FetchSchemaResponse::new(self.config.spec.repeat(self.config.times))
                        .resolved_version(format!("{id}{user}")),
                )
            }
        }
    }

    /// On the blocking pool.
    fn register_consumer_usage(&self, request: RegisterConsumerUsageRequest) -> Result<()> {
        if request.consumer_id.is_empty() {
            return Err(Error::invalid_argument("missing consumer id"));
        }
        if request.consumer_id == "stranger" {
            return Err(Error::not_found("no such consumer"));
        }
        tracing::info!(consumer = request.consumer_id, "registered");
        Ok(())
    }

    async fn on_validation_failed(&self, event: ValidationFailedRequest) -> Result<()> {
        tracing::warn!(schema = event.schema_id, "heard");
        Ok(())
    }

    async fn health(&self) -> Health {
        Health::NotServing
    }

    async fn shutdown(&self) {
        tracing::info!("cleared");
    }
}

/// A plugin without a config, hence built before the response to `Info`.
pub struct Eager;

#[cvt_plugin(name = "eager", main = false)]
impl Eager {
    fn new() -> Result<Self> {
        Err(Error::failed_precondition("no paper in the printer"))
    }

    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}

struct Bell;

impl EventHandler for Bell {
    async fn on_validation_failed(
        &self,
        _: Context,
        _: ValidationFailedRequest,
    ) -> Result<EventResponse> {
        Ok(EventResponse::new(true))
    }
}

/// A plugin without the macro.
pub fn without_macro() -> Server {
    Server::new(PluginInfo::new("bell", "0.1.0")).events(Arc::new(Bell))
}
