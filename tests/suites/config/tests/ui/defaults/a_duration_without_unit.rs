use std::time::Duration;

use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    /// How long to wait.
    #[config(default = "30")]
    timeout: Duration,
}

fn main() {}
