use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    #[config(default = 10)]
    timeout_seconds: Option<u64>,
}

fn main() {}
