use std::str::FromStr;

use cvtplugin::prelude::*;

enum Mode {
    Strict,
    Lenient,
}

impl FromStr for Mode {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "strict" => Ok(Self::Strict),
            "lenient" => Ok(Self::Lenient),
            _ => Err(Error::from("neither strict nor lenient")),
        }
    }
}

#[derive(PluginConfig)]
struct RestConfig {
    #[config(default = Mode::Strict)]
    mode: Mode,
}

fn main() {}
