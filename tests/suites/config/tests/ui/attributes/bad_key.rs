// 4 mistakes
use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    #[config(rename = "time out", default = 1)]
    timeout: u64,
    #[config(rename = "", default = 1)]
    nameless: u64,
    #[config(rename = "-", default = 1)]
    dash: u64,
    #[config(rename = timeout, default = 1)]
    time: u64,
}

fn main() {}
