use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    name: Option<&'static str>,
}

fn main() {}
