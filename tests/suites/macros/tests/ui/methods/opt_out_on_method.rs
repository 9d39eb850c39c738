use cvtplugin::prelude::*;

#[derive(Default)]
struct Rest;

#[cvt_plugin(name = "rest")]
impl Rest {
    async fn fetch_schema(&self, request: FetchSchemaRequest) -> Result<FetchSchemaResponse> {
        Ok(FetchSchemaResponse::new(request.schema_id))
    }

    #[cvt_plugin(opt_out)]
    async fn register_consumer_usage(&self, _: RegisterConsumerUsageRequest) -> Result<()> {
        unimplemented!()
    }
}
