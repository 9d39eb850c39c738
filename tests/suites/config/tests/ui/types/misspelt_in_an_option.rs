use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    /// Perhaps.
    name: Option<Strng>,
}

fn main() {}
