use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    #[config(help = "How often to try again", default = 3)]
    retries: u8,
}

fn main() {}
