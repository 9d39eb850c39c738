use cvtplugin::prelude::*;

const TIMEOUT: u32 = 10;

#[derive(PluginConfig)]
struct RestConfig {
    #[config(default = TIMEOUT)]
    timeout_seconds: u64,
}

fn main() {}
