use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    #[config(secret)]
    token: String,
}

fn main() {}
