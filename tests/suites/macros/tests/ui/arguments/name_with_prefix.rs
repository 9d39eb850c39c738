use cvtplugin::prelude::*;

#[derive(Default)]
struct Rest;

#[cvt_plugin(name = "cvt-plugin-rest")]
impl Rest {
    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}
