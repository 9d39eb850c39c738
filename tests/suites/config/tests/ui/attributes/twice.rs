use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    #[config(default = 10)]
    #[config(default = 20)]
    timeout_seconds: u64,
}

fn main() {}
