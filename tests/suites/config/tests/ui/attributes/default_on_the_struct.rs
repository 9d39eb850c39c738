use cvtplugin::prelude::*;

#[derive(PluginConfig, Default)]
#[config(default)]
struct Config {
    /// How often.
    retries: u8,
    /// Where.
    url: String,
}

fn main() {}
