use cvtplugin::prelude::*;

struct Client;

#[derive(PluginConfig)]
struct Config {
    #[config(skip)]
    client: Client,
}

fn main() {}
