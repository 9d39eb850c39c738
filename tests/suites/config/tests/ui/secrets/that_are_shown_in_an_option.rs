use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    #[config(secret)]
    token: Option<String>,
}

fn main() {}
