use cvtplugin::prelude::*;

#[derive(Default)]
struct Rest;

#[cvt_plugin(name = "rest")]
impl Rest {
    const PARSE: fn(&str) -> Option<u32> = { |text| text.parse().ok() };
    pub const CHECK: for<'a> fn(&'a str) -> bool = str::is_empty;

    async fn fetch_schema(&self, request: FetchSchemaRequest) -> Result<FetchSchemaResponse> {
        Err(Error::not_found(request.schema_id))
    }
}
