use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct Tls {
    /// Whom to trust.
    #[config(default = "all")]
    authority: String,
}

#[derive(PluginConfig)]
struct Config {
    #[config(flatten)]
    tls: Tls,
}

fn main() {}
