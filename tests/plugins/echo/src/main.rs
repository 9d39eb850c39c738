//! The plugin that tests and hosts exercise: `FetchSchema` runs the words of its schema id.

mod words;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use cvtplugin::prelude::*;

/// Musl's own takes 2.4 times the CPU of a call with 64 callers at once.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

/// The last value of each key of the config.
struct Echo {
    config: Mutex<HashMap<String, SecretString>>,
}

#[cvt_plugin(name = "echo", version = "0.1.0", secrets())]
impl Echo {
    async fn new() -> Result<Self> {
        if let Ok(period) = std::env::var("ECHO_TICK_MS") {
            let period = period.parse().invalid_argument("ECHO_TICK_MS")?;
            tokio::spawn(tick(Duration::from_millis(period)));
        }
        let config = Mutex::default();
        Ok(Self { config })
    }

    async fn set_config(&self, key: String, value: SecretString) -> Result<()> {
        if key == "reject" {
            let why = format!("rejected: {}", value.expose_secret());
            return Err(Error::invalid_argument(why));
        }
        self.config().insert(key, value);
        Ok(())
    }

    async fn fetch_schema(
        &self,
        ctx: Context,
        request: FetchSchemaRequest,
    ) -> Result<FetchSchemaResponse, BoxError> {
        let id = request.schema_id.as_str();
        let spec = match id.split_once(':').unwrap_or((id, "")) {
            ("config", key) => {
                let config = self.config();
                let value = config.get(key).map(ExposeSecret::expose_secret);
                value.unwrap_or_default().to_owned().into()
            }
            (word, argument) => match words::run(&ctx, word, argument).await? {
                Some(spec) => spec,
                None => format!("echoed: {id}").into(),
            },
        };
        Ok(FetchSchemaResponse::new(spec).resolved_version("1.0.0"))
    }

    async fn register_consumer_usage(&self, usage: RegisterConsumerUsageRequest) -> Result<()> {
        tracing::info!(
            consumer_id = usage.consumer_id,
            schema_id = usage.schema_id,
            endpoints = usage.endpoints.len(),
            "usage registered"
        );
        Ok(())
    }

    async fn on_breaking_change_detected(
        &self,
        event: BreakingChangeDetectedRequest,
    ) -> Result<()> {
        tracing::info!(
            schema_id = event.schema_id,
            changes = event.changes.len(),
            "breaking change detected"
        );
        Ok(())
    }

    async fn on_validation_failed(&self, event: ValidationFailedRequest) -> Result<()> {
        tracing::info!(
            schema_id = event.schema_id,
            errors = event.errors.len(),
            "validation failed"
        );
        Ok(())
    }

    fn config(&self) -> MutexGuard<'_, HashMap<String, SecretString>> {
        self.config.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn tick(period: Duration) {
    loop {
        tokio::time::sleep(period).await;
        tracing::info!("tick");
    }
}
