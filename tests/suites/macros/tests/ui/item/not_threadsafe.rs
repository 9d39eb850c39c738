use cvtplugin::prelude::*;

use std::rc::Rc;

#[derive(Default)]
struct Rest {
    cache: Rc<String>,
}

#[cvt_plugin(name = "rest")]
impl Rest {
    async fn new() -> Self {
        Self::default()
    }

    async fn fetch_schema(&self, request: FetchSchemaRequest) -> Result<FetchSchemaResponse> {
        Err(Error::not_found(request.schema_id))
    }

    async fn register_consumer_usage(&self, _: RegisterConsumerUsageRequest) -> Result<()> {
        Ok(())
    }

    fn on_breaking_change_detected(&self, _: BreakingChangeDetectedRequest) -> Result<()> {
        Ok(())
    }

    async fn shutdown(&self) {}
}
