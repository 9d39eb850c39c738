use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct Config<T: std::str::FromStr> {
    /// What to use.
    #[config(example = "1")]
    value: T,
}

struct Rest {
    value: u8,
}

#[cvt_plugin(name = "rest")]
impl Rest {
    fn new(config: Config<u8>) -> Self {
        Self {
            value: config.value,
        }
    }

    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Err(Error::aborted(self.value.to_string()))
    }
}
