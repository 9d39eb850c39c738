use cvtplugin::prelude::*;

struct Settings;

#[derive(Default)]
struct Rest;

#[cvt_plugin(name = "rest")]
impl Rest {
    async fn new(_: Settings) -> Result<Self> {
        Ok(Self)
    }

    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}
