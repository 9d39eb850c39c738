use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct Config {
    /// How long, in seconds.
    #[config(default = 5m)]
    interval: u64,
}

fn main() {}
