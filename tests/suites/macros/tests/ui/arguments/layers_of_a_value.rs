use cvtplugin::prelude::*;

#[derive(Default)]
struct Rest;

fn telemetry() -> u8 {
    3
}

#[cvt_plugin(name = "rest", layers = telemetry)]
impl Rest {
    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}
