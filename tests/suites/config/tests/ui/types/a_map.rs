use std::collections::HashMap;

use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    limits: Option<HashMap<String, u64>>,
}

fn main() {}
