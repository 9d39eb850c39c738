use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    tags: Vec<String>,
}

fn main() {}
