use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    #[config(default = 1)]
    strict: bool,
}

fn main() {}
