use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    #[config(default = "changeme")]
    token: SecretString,
}

fn main() {}
