use cvtplugin::prelude::*;

struct Mode;

#[derive(PluginConfig)]
struct RestConfig {
    modes: Option<Vec<Mode>>,
}

fn main() {}
