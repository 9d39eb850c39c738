use cvtplugin::prelude::*;

fn seconds(text: String) -> Result<u64> {
    text.parse().invalid_argument("seconds")
}

#[derive(PluginConfig)]
struct RestConfig {
    #[config(parse_with = seconds, default = 1)]
    timeout: u64,
}

fn main() {}
