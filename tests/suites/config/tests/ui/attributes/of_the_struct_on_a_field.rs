use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    #[config(crate = "::cvtplugin", default = 10)]
    timeout_seconds: u64,
}

fn main() {}
