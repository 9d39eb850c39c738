use std::rc::Rc;
use std::str::FromStr;

use cvtplugin::prelude::*;

struct Mode(Rc<str>);

impl FromStr for Mode {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Ok(Self(text.into()))
    }
}

#[derive(PluginConfig)]
struct RestConfig {
    mode: Option<Mode>,
}

fn main() {}
