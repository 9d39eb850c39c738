// 2 mistakes
use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig<T, const N: usize> {
    #[config(example = "abc")]
    name: T,
}

fn main() {}
