// 3 mistakes
use cvtplugin::prelude::*;

#[derive(PluginConfig)]
struct RestConfig {
    /// Perhaps.
    retries: Option<Option<u8>>,
    /// With holes.
    #[config(default = "1,2")]
    holes: Vec<Option<u8>>,
    /// A matrix.
    #[config(default = "1,2")]
    matrix: Vec<Vec<u8>>,
}

fn main() {}
