//! Serves the plugin that the environment names.

use std::env;
use std::process::ExitCode;

use cvtplugin::serve;
use cvtplugin_config_tests::stanzas::{self, Hello, Letters, Vault};

fn main() -> ExitCode {
    let plugin = env::var("PLUGIN").unwrap_or_default();
    match plugin.as_str() {
        "hello" => serve::<Hello>(),
        "vault" => serve::<Vault>(),
        "l" => serve::<Letters>(),
        "null" => stanzas::without_macro().serve(),
        _ => {
            eprintln!("no plugin `{plugin}`");
            ExitCode::FAILURE
        }
    }
}
