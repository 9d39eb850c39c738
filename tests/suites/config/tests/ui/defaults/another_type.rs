use cvtplugin::prelude::*;

const PATIENCE: u32 = 10;

#[derive(PluginConfig)]
struct RestConfig {
    #[config(default = PATIENCE)]
    timeout_seconds: u64,
}

fn main() {}
