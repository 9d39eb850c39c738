use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct Timeout(u64);

fn main() {}
