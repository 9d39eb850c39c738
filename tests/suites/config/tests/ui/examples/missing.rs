use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    /// Base URL of the registry's API.
    base_url: String,
}

fn main() {}
