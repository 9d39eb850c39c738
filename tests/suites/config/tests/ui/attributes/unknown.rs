use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    #[config(colour = 1, example = 5)]
    timeout_seconds: u64,
}

fn main() {}
