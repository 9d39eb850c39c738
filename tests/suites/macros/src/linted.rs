//! Clippy at its strictest leaves alone what CVT dictates, and that alone: `.ci/run` checks it.

#![deny(clippy::pedantic)]

use cvtplugin::prelude::*;

/// Does nothing with what it is given.
#[derive(Debug)]
pub struct Idle;

#[cvt_plugin(name = "idle", main = false, secrets())]
impl Idle {
    async fn new() -> Result<Self> {
        Ok(Self)
    }

    async fn set_config(&self, _: String, _: SecretString) -> Result<()> {
        Ok(())
    }

    async fn fetch_schema(&self, request: FetchSchemaRequest) -> Result<FetchSchemaResponse> {
        Ok(FetchSchemaResponse::new(request.schema_id.to_uppercase()))
    }

    fn register_consumer_usage(
        &self,
        _: Context,
        usage: RegisterConsumerUsageRequest,
    ) -> Result<()> {
        if usage.consumer_id.is_empty() {
            return Err(Error::invalid_argument("who is it?"));
        }
        Ok(())
    }

    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }

    async fn health(&self) -> Health {
        Health::Serving
    }

    async fn shutdown(&self) {}

    /// The author says what Clippy may say of the author's own.
    #[expect(clippy::unused_async)]
    async fn on_breaking_change_detected(&self, _: BreakingChangeDetectedRequest) -> Result<()> {
        Ok(())
    }

    /// CVT does not dictate helpers, so Clippy checks them.
    #[expect(clippy::unused_async, dead_code)]
    async fn helper() {}

    #[expect(
        clippy::needless_pass_by_value,
        clippy::unnecessary_wraps,
        clippy::unused_self,
        dead_code
    )]
    fn plain_helper(&self, name: String) -> Option<usize> {
        Some(name.len())
    }

    #[cvt_plugin(ignore)]
    #[expect(clippy::unused_self, dead_code)]
    fn on_quiet(&self) {}
}
