// 2 mistakes
use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    #[config]
    #[config = "default"]
    timeout_seconds: Option<u64>,
}

fn main() {}
