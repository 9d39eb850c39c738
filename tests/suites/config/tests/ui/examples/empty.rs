use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    #[config(example = "")]
    name: String,
}

fn main() {}
