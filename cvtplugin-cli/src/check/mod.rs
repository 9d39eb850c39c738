//! `cvt-plugin check`.

use std::process::ExitCode;

use clap::Args;
use cvtplugin::BoxError;

use crate::subject::SubjectArguments;

/// Check that a plugin does all that a host relies on.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    subject: SubjectArguments,
}

pub(crate) async fn run(arguments: Arguments) -> Result<ExitCode, BoxError> {
    let _ = arguments;
    Err("not there yet".into())
}
