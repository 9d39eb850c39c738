use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    /// Sent with every request.
    token: SecretString,
}

#[derive(Default)]
struct Rest;

#[cvt_plugin(name = "rest", secrets("token"))]
impl Rest {
    fn new(config: RestConfig) -> Self {
        drop(config.token);
        Self
    }

    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}
