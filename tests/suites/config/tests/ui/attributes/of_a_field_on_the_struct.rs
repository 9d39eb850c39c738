use cvtplugin::prelude::*;

#[derive(PluginConfig)]
#[config(rename = "rest")]
struct RestConfig {
    timeout_seconds: Option<u64>,
}

fn main() {}
