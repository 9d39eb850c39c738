use cvtplugin::prelude::*;

#[cvt_plugin(name = "rest")]
#[derive(Default)]
struct Rest;

impl Rest {
    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}
