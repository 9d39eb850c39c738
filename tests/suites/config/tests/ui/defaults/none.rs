use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    /// How often to try again.
    #[config(default = None)]
    retries: Option<u8>,
}

fn main() {}
