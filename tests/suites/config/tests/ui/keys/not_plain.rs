// 2 mistakes
use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    /// How large.
    #[config(default = 3)]
    größe: u8,
    /// For later.
    #[config(default = 3)]
    _reserved: u8,
}

fn main() {}
