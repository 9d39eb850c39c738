//! `cvt-plugin call`.

use std::process::ExitCode;

use clap::Args;
use cvtplugin::BoxError;

use crate::subject::SubjectArguments;

/// Launch a plugin, call one RPC, and show the answer.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    subject: SubjectArguments,
}

pub(crate) async fn run(arguments: Arguments) -> Result<ExitCode, BoxError> {
    let _ = arguments;
    Err("not there yet".into())
}
