use cvtplugin::prelude::*;

struct Rest;

#[cvt_plugin(name = "rest")]
impl Rest {
    fn new(_: Context) -> Self {
        Self
    }

    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}
