use cvtplugin::prelude::*;

#[derive(PluginConfig)]
pub struct RestConfig {
    /// How often.
    #[config(default = 3)]
    pub retries: u8,
}

#[derive(Default)]
pub struct Rest {
    retries: u8,
}

impl Rest {
    pub fn new(config: RestConfig) -> Self {
        Self {
            retries: config.retries,
        }
    }
}

#[cvt_plugin(name = "rest")]
impl Rest {
    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        println!("{}", self.retries);
        Ok(())
    }
}
