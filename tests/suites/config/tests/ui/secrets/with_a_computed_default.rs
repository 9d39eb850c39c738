use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    /// Sent with every request.
    #[config(default = std::env::var("TOKEN").unwrap_or_default())]
    token: SecretString,
}

fn main() {}
