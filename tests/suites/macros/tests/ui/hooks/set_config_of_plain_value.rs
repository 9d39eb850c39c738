use cvtplugin::prelude::*;

#[derive(Default)]
struct Rest;

#[cvt_plugin(name = "rest", secrets())]
impl Rest {
    fn set_config(&self, _: String, _: String) -> Result<()> {
        Ok(())
    }

    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}
