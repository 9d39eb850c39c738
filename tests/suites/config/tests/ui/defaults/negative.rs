use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    #[config(default = -1)]
    retries: u8,
}

fn main() {}
