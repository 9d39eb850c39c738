use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    /// How often to try again.
    #[config(default = String::from("3"))]
    retries: u8,
}

fn main() {}
