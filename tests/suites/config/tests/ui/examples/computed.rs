use cvtplugin::prelude::*;

const NAME: &str = "rest";

#[derive(PluginConfig)]
struct RestConfig {
    #[config(example = NAME)]
    name: String,
}

fn main() {}
