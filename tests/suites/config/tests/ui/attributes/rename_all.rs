use cvtplugin::prelude::*;

#[derive(PluginConfig)]
#[config(rename_all = "kebab-case")]
struct RestConfig {
    /// How often to try again.
    #[config(default = 3)]
    retries: u8,
}

fn main() {}
