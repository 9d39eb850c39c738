use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    /// How often to try again.
    #[config(default = 3 rename = "again")]
    retries: u8,
}

fn main() {}
