use cvtplugin::prelude::*;

fn seconds(text: &str) -> u64 {
    text.parse().unwrap_or(1)
}

#[derive(PluginConfig)]
struct RestConfig {
    #[config(parse_with = seconds, default = 1)]
    timeout: u64,
}

fn main() {}
