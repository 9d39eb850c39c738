use cvtplugin::prelude::*;

macro_rules! handlers {
    () => {
        pub async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
            Ok(())
        }
    };
}

#[derive(Default)]
struct Rest;

#[cvt_plugin(name = "rest")]
impl Rest {
    #[cvt_plugin(ignore)]
    handlers!();

    async fn on_breaking_change_detected(&self, _: BreakingChangeDetectedRequest) -> Result<()> {
        Ok(())
    }
}
