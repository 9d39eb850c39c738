use cvtplugin::prelude::*;

struct Offline;

#[derive(Default)]
struct Rest;

#[cvt_plugin(name = "rest")]
impl Rest {
    async fn new() -> Result<Self, Offline> {
        Err(Offline)
    }

    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}
