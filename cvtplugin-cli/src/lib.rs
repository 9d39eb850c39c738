//! `cvt-plugin`: the tools of a plugin's author, and a stand-in for CVT where there is no CVT.

// See `cli::print`.
#![deny(clippy::print_stdout)]

mod bench;
mod call;
mod check;
mod cli;
mod completions;
mod go_duration;
mod interrupt;
mod new;
mod plugin_name;
mod redaction;
mod services;
mod subject;
mod suggest;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;
use cvtplugin::BoxError;

use cli::{Cli, Command};

/// Does what this process's arguments say.
///
/// All of `cvt-plugin` is this: for binaries that are to be the same.
pub async fn run() -> ExitCode {
    match obey(Cli::parse()).await {
        Ok(code) => code,
        Err(error) => {
            // The exit code says it too, where nobody listens.
            let _ = writeln!(anstream::stderr(), "{}: {error}", cli::error_word());
            ExitCode::FAILURE
        }
    }
}

async fn obey(cli: Cli) -> Result<ExitCode, BoxError> {
    match cli.command {
        Command::New(arguments) => new::run(&arguments),
        Command::Check(arguments) => check::run(arguments).await,
        Command::Call(arguments) => call::run(arguments).await,
        Command::Bench(arguments) => bench::run(arguments).await,
        Command::Completions(arguments) => completions::run(&arguments),
    }
}
