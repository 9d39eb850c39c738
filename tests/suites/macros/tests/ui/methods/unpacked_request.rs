use cvtplugin::prelude::*;

#[derive(Default)]
struct Rest;

#[cvt_plugin(name = "rest", opt_out(register_consumer_usage))]
impl Rest {
    async fn fetch_schema(&self, id: String, version: Option<String>) -> Result<FetchSchemaResponse> {
        Ok(FetchSchemaResponse::new(id + &version.unwrap_or_default()))
    }
}
