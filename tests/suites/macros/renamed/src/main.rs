//! A plugin whose author calls cvtplugin by another name.

use renamed::prelude::*;

#[derive(Default)]
struct Renamed;

#[cvt_plugin(crate = "::renamed")]
impl Renamed {
    async fn fetch_schema(&self, request: FetchSchemaRequest) -> Result<FetchSchemaResponse> {
        Err(Error::not_found(request.schema_id))
    }

    fn register_consumer_usage(&self, _: RegisterConsumerUsageRequest) -> Result<()> {
        Ok(())
    }

    fn health(&self) -> Health {
        Health::Serving
    }
}
