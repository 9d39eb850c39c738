use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    /// How often a request is tried.
    #[config(default = 3)]
    retries: u8,
}

struct Rest {
    config: RestConfig,
}

#[cvt_plugin(name = "rest")]
impl Rest {
    fn create(config: RestConfig) -> Self {
        Self { config }
    }

    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Err(Error::aborted(self.config.retries.to_string()))
    }
}
