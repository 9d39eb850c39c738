//! `cvt-plugin`: the tools of a plugin's author, and a stand-in for CVT where there is no CVT.

mod bench;
mod call;
mod check;
mod cli;
mod completions;
mod go_duration;
mod new;
mod plugin_name;
mod redaction;
mod subject;
mod suggest;

use std::process::ExitCode;

use clap::Parser as _;
use cvtplugin::BoxError;

use cli::{Cli, Command};

/// How a shell says that a program ended by Ctrl-C.
const INTERRUPTED: u8 = 130;

/// Does what this process's arguments say.
///
/// All of `cvt-plugin` is this: for binaries that are to be the same.
pub async fn run() -> ExitCode {
    let cli = Cli::parse();
    // Ctrl-C drops what runs, and so kills the plugins: not all end by themselves with their host.
    let result = tokio::select! {
        result = obey(cli) => result,
        _ = tokio::signal::ctrl_c() => Ok(ExitCode::from(INTERRUPTED)),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            anstream::eprintln!("{}: {error}", cli::error_word());
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
