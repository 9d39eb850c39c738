//! The plugin with a typed config that tests exercise: its schemas are the words of its config.

mod config;
mod leaks;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cvtplugin::prelude::*;

use config::Config;

/// How many instances were made.
static INSTANCES: AtomicUsize = AtomicUsize::new(0);

struct Typed {
    number: usize,
    config: Config,
}

#[cvt_plugin(name = "typed", version = "0.1.0")]
impl Typed {
    async fn new(config: Config) -> Result<Self> {
        tokio::time::sleep(config.delay).await;
        let number = INSTANCES.fetch_add(1, Ordering::Relaxed) + 1;
        let token = config.token.as_ref().map(ExposeSecret::expose_secret);
        match config.greeting.as_str() {
            "fail with token" => Err(Error::unavailable(format!("{token:?} cannot be used"))),
            "panic with token" => panic!("{token:?} makes the constructor panic"),
            "fail" => Err(Error::unavailable("this greeting cannot be said")),
            "panic" => panic!("this greeting makes the constructor panic"),
            _ => Ok(Self { number, config }),
        }
    }

    async fn fetch_schema(&self, request: FetchSchemaRequest) -> Result<FetchSchemaResponse> {
        let spec = match request.schema_id.as_str() {
            "greeting" => self.config.greeting.repeat(self.config.times),
            "audience" => self.config.audience.clone(),
            "instance" => self.number.to_string(),
            "sleep" => {
                tokio::time::sleep(Duration::from_millis(1500)).await;
                self.number.to_string()
            }
            "late" => {
                tokio::time::sleep(Duration::from_millis(200)).await;
                tracing::info!("went on");
                "late".to_owned()
            }
            word if word.starts_with("leak-") => leaks::leak(word, &self.config)?,
            other => return Err(Error::not_found(other)),
        };
        Ok(FetchSchemaResponse::new(spec))
    }

    async fn register_consumer_usage(&self, _: RegisterConsumerUsageRequest) -> Result<()> {
        Ok(())
    }

    async fn shutdown(&self) {
        tracing::info!(number = self.number, "shut down");
    }
}
