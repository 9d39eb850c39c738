use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    #[config(default = 8080)]
    address: String,
}

fn main() {}
