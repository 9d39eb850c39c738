use std::borrow::Cow;

use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig<'a> {
    name: Option<Cow<'a, str>>,
}

fn main() {}
