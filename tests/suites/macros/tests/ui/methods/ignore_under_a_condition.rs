use cvtplugin::prelude::*;

#[derive(Default)]
struct Rest;

#[cvt_plugin(name = "rest")]
impl Rest {
    #[cfg_attr(all(), cvt_plugin(ignore))]
    fn on_quiet(&self) {}

    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        self.on_quiet();
        Ok(())
    }
}
