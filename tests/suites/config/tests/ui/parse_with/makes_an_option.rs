use cvtplugin::prelude::*;

fn seconds(text: &str) -> Result<Option<u64>> {
    text.parse().map(Some).invalid_argument("seconds")
}

#[derive(PluginConfig)]
struct RestConfig {
    #[config(parse_with = seconds)]
    timeout: Option<u64>,
}

fn main() {}
