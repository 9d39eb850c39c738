use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    #[config(parse_with = "seconds", default = 1)]
    timeout: u64,
}

fn main() {}
