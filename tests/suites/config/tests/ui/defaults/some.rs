use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    /// How often to try again.
    #[config(default = Some(3))]
    retries: u8,
}

fn main() {}
