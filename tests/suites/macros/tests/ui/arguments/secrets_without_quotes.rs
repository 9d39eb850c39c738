use cvtplugin::prelude::*;

#[derive(Default)]
struct Rest;

#[cvt_plugin(name = "rest", secrets(token))]
impl Rest {
    async fn set_config(&self, _: String, _: SecretString) -> Result<()> {
        Ok(())
    }

    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}
