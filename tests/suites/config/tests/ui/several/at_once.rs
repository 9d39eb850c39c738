// 6 mistakes
use cvtplugin::prelude::*;

struct Mode;

#[derive(PluginConfig)]
struct RestConfig {
    #[config(defalt = 10, example = 5)]
    timeout_seconds: u64,
    /// Base URL of the registry's API.
    base_url: String,
    #[config(default = 1)]
    strict: bool,
    #[config(rename = "strict")]
    mode: Option<Mode>,
    #[config(default = "changeme")]
    token: SecretString,
}

fn main() {}
