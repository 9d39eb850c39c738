use cvtplugin::prelude::*;

#[derive(Default)]
struct Rest;

#[cvt_plugin(name = "rest", opt_out(register_consumer_usage))]
impl Rest {
    fn fetch_schema(&self, _: FetchSchemaRequest) -> Result<(), BoxError> {
        Ok(())
    }
}
