// 7 mistakes
use cvtplugin::prelude::*;

#[derive(Default)]
struct Rest;

#[cvt_plugin(name = "Rest", versoin = "1")]
impl Rest {
    async fn new(_: (), _: u8) -> Self {
        Self
    }

    async fn fetch_schema(&mut self, request: FetchSchemaRequest) -> Result<FetchSchemaResponse> {
        Err(Error::not_found(request.schema_id))
    }

    async fn register_consumer_usage(&self, _: FetchSchemaRequest) -> Result<()> {
        Ok(())
    }

    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Option<()> {
        None
    }

    async fn on_breaking_change(&self, _: BreakingChangeDetectedRequest) -> Result<()> {
        Ok(())
    }
}
