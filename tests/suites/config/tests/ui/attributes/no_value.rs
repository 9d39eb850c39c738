// 2 mistakes
use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    #[config(default)]
    timeout_seconds: u64,
    #[config(example = )]
    name: String,
}

fn main() {}
