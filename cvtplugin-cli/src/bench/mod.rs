//! `cvt-plugin bench`.

use std::process::ExitCode;

use clap::Args;
use cvtplugin::BoxError;

use crate::subject::SubjectArguments;

/// Measure a plugin, beside another one if wanted.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    subject: SubjectArguments,
}

pub(crate) async fn run(arguments: Arguments) -> Result<ExitCode, BoxError> {
    let _ = arguments;
    Err("not there yet".into())
}
