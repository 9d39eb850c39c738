use cvtplugin::prelude::*;

#[derive(Default, PluginConfig)]
struct RestConfig {
    /// How often.
    #[config(default = 3)]
    retries: u8,
}

#[derive(Default)]
struct Rest {
    config: RestConfig,
}

#[cvt_plugin(name = "rest")]
impl Rest {
    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        println!("{}", self.config.retries);
        Ok(())
    }
}
