use cvtplugin::prelude::*;

#[derive(PluginConfig)]
#[config(crate = "not a path")]
struct RestConfig {
    timeout_seconds: Option<u64>,
}

fn main() {}
