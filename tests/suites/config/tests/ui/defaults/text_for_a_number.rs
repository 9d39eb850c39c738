// 2 mistakes
use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    #[config(default = "ten")]
    retries: u8,
    #[config(default = "1, 2, 300")]
    ports: Vec<u8>,
}

fn main() {}
