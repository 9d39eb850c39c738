use cvtplugin::prelude::*;

enum Mode {
    Strict,
    Lenient,
}

#[derive(PluginConfig)]
struct RestConfig {
    /// How strict to be.
    #[config(example = "strict")]
    mode: Mode,
}

fn main() {}
