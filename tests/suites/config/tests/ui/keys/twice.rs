use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    #[config(default = 10)]
    timeout: u64,
    #[config(rename = "timeout", default = 20)]
    other_timeout: u64,
}

fn main() {}
