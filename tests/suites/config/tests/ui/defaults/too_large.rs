use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    #[config(default = 300)]
    retries: u8,
}

fn main() {}
