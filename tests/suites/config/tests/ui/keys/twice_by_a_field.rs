use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    #[config(rename = "timeout", default = 10)]
    wait: u64,
    #[config(default = 20)]
    timeout: u64,
}

fn main() {}
