// 3 mistakes
use cvtplugin::prelude::*;

#[derive(Default)]
struct Rest;

#[cvt_plugin(name = "rest")]
impl Rest {
    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }

    async fn breaking_change_detected(&self, _: BreakingChangeDetectedRequest) -> Result<()> {
        Ok(())
    }

    pub async fn register_usage(&self, _: RegisterConsumerUsageRequest) -> Result<()> {
        Ok(())
    }

    #[allow(non_snake_case)]
    fn registerConsumers(&self) {}
}
