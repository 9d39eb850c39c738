use cvtplugin::prelude::*;

struct Mode;

#[derive(PluginConfig)]
struct RestConfig {
    mode: Option<Mode>,
}

fn main() {}
