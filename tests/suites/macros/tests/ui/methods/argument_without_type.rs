use cvtplugin::prelude::*;

#[derive(Default)]
struct Rest;

#[cvt_plugin(name = "rest")]
impl Rest {
    async fn on_validation_failed(&self, event) -> Result<()> {
        Ok(())
    }
}
