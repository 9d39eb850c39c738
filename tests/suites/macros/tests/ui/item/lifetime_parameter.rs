use cvtplugin::prelude::*;

struct Rest<'a> {
    url: &'a str,
}

#[cvt_plugin(name = "rest")]
impl<'a> Rest<'a> {
    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Err(Error::aborted(self.url))
    }
}
