use std::time::Duration;

use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct Config {
    /// How long.
    #[config(example = 30)]
    timeout: Duration,
}

fn main() {}
