use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig<'a> {
    #[config(example = "abc")]
    name: &'a str,
}

fn main() {}
