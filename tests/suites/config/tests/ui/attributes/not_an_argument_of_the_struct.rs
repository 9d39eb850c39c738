use cvtplugin::prelude::*;

#[derive(PluginConfig)]
#[config("::cvtplugin")]
struct RestConfig {
    timeout_seconds: Option<u64>,
}

fn main() {}
