use cvtplugin::prelude::*;

#[derive(PluginConfig)]
enum Mode {
    Strict,
    Lenient,
}

fn main() {}
