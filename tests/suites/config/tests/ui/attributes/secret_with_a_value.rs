use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    #[config(secret = true)]
    token: Option<SecretString>,
}

fn main() {}
