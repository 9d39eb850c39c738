use cvtplugin::prelude::*;

macro_rules! helpers {
    () => {
        pub fn limit() -> usize {
            3
        }
    };
}

#[derive(Default)]
struct Rest;

#[cvt_plugin(name = "rest")]
impl Rest {
    helpers!();

    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}
