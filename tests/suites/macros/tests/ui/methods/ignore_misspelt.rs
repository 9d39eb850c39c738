use cvtplugin::prelude::*;

#[derive(Default)]
struct Rest;

#[cvt_plugin(name = "rest")]
impl Rest {
    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }

    #[cvt_plugin(skip)]
    fn on_retry(&self) {}
}
