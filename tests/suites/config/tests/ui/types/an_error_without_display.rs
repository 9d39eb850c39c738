use std::str::FromStr;

use cvtplugin::prelude::*;

struct Mode;

struct NoMode;

impl FromStr for Mode {
    type Err = NoMode;

    fn from_str(_: &str) -> Result<Self, NoMode> {
        Err(NoMode)
    }
}

#[derive(PluginConfig)]
struct RestConfig {
    mode: Option<Mode>,
}

fn main() {}
