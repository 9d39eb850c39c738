use cvtplugin::prelude::*;

#[cvt_plugin(name = "rest")]
impl Rest {
    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}
