use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    /// Where to listen.
    #[config(example = "localhost")]
    address: std::net::IpAddr,
}

fn main() {}
