// 2 mistakes
use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    #[config(example = "often")]
    retries: u8,
    #[config(example = 300)]
    more: Option<u8>,
}

fn main() {}
