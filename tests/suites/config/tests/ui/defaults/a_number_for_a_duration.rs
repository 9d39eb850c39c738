use std::time::Duration;

use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    #[config(default = 30)]
    timeout: Duration,
}

fn main() {}
