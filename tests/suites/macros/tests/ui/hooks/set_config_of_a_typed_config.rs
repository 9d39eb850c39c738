use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    /// How often a request is tried.
    #[config(default = 3)]
    retries: u8,
}

#[derive(Default)]
struct Rest;

#[cvt_plugin(name = "rest")]
impl Rest {
    async fn set_config(&self, config: RestConfig) -> Result<()> {
        Err(Error::aborted(config.retries.to_string()))
    }

    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}
