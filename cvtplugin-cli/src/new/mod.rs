//! `cvt-plugin new`.

use std::process::ExitCode;

use clap::Args;
use cvtplugin::BoxError;

/// Make a new plugin: a project that builds and passes its own tests.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The plugin's name.
    name: String,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, BoxError> {
    let _ = arguments;
    Err("not there yet".into())
}
