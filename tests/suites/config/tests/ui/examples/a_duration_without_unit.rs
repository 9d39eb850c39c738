use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    /// How long to wait.
    #[config(example = "30")]
    timeout: std::time::Duration,
}

fn main() {}
