use cvtplugin::prelude::*;

#[derive(Default)]
struct Rest;

#[cvt_plugin(name = "rest"; version = "1.0.0")]
impl Rest {
    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}
