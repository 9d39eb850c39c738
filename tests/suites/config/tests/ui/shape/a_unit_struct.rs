use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct Nothing;

fn main() {}
