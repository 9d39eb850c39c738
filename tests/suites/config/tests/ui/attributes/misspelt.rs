// 3 mistakes
use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    #[config(defualt = 10)]
    timeout_seconds: u64,
    #[config(exmaple = "a", renam = "b")]
    name: String,
}

fn main() {}
