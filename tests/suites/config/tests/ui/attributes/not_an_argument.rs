use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    #[config(10, default = 10)]
    timeout_seconds: u64,
}

fn main() {}
