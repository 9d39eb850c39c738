//! A registry of one schema that greets whatever CVT tells it.

use cvtplugin::prelude::*;

#[derive(Default)]
struct Hello;

#[cvt_plugin(name = "hello", version = "0.1.0")]
impl Hello {
    async fn fetch_schema(&self, request: FetchSchemaRequest) -> Result<FetchSchemaResponse> {
        let spec = (request.schema_id == "petstore").then_some(include_str!("petstore.json"));
        Ok(FetchSchemaResponse::new(spec.not_found("no such schema")?))
    }
    async fn register_consumer_usage(&self, usage: RegisterConsumerUsageRequest) -> Result<()> {
        tracing::info!(consumer = usage.consumer_id, "hello, consumer");
        Ok(())
    }
    async fn on_breaking_change_detected(&self, it: BreakingChangeDetectedRequest) -> Result<()> {
        tracing::info!(schema = it.schema_id, "hello, changes");
        Ok(())
    }
    async fn on_validation_failed(&self, it: ValidationFailedRequest) -> Result<()> {
        tracing::info!(schema = it.schema_id, "hello, errors");
        Ok(())
    }
}

#[cfg(test)]
mod tests;
