use cvtplugin::prelude::*;

struct Rest<'a> {
    url: &'a str,
}

#[cvt_plugin(name = "rest")]
impl Rest<'_> {
    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}
