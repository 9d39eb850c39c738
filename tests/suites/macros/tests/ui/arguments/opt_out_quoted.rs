use cvtplugin::prelude::*;

#[derive(Default)]
struct Rest;

#[cvt_plugin(name = "rest", opt_out("register_consumer_usage"))]
impl Rest {
    async fn fetch_schema(&self, request: FetchSchemaRequest) -> Result<FetchSchemaResponse> {
        Ok(FetchSchemaResponse::new(request.schema_id))
    }
}
