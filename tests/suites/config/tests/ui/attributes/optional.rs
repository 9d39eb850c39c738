use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    #[config(optional, example = "a")]
    name: String,
}

fn main() {}
