//! A plugin in a crate that forbids what the macros might have to allow.

#![forbid(
    deprecated,
    missing_docs,
    unreachable_pub,
    unused_imports,
    unused_variables
)]

use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct Config {
    /// How often to try again.
    #[config(default = 3)]
    retries: u8,
}

struct Strict(Config);

#[cvt_plugin]
impl Strict {
    fn new(config: Config) -> Self {
        Self(config)
    }

    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        println!("{}", self.0.retries);
        Ok(())
    }
}
