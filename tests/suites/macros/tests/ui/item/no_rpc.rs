use cvtplugin::prelude::*;

#[derive(Default)]
struct Rest;

#[cvt_plugin(name = "rest")]
impl Rest {
    async fn validate(&self) -> Result<()> {
        Ok(())
    }
}
