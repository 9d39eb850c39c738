use cvtplugin::prelude::*;

#[derive(Default)]
struct Rest;

#[cvt_plugin(name = "rest")]
impl Rest {
    async fn register_consumer_usage(&self, _: RegisterConsumerUsageRequest) -> Result<()> {
        Ok(())
    }
}
