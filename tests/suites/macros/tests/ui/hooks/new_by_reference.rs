use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    /// Sent with every request.
    token: SecretString,
}

struct Rest;

#[cvt_plugin(name = "rest")]
impl Rest {
    fn new(_: &RestConfig) -> Self {
        Self
    }

    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}
