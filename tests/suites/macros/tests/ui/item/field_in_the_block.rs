use cvtplugin::prelude::*;

#[derive(Default)]
struct Rest;

#[cvt_plugin(name = "rest")]
impl Rest {
    url: String,

    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}
