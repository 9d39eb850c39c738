//! `cvt-plugin`: the tools of a plugin's author, and a stand-in for CVT where there is no CVT.

mod bench;
mod call;
mod check;
mod cli;
mod new;
mod subject;

use std::process::ExitCode;

use clap::Parser as _;
use cvtplugin::BoxError;

use cli::{Cli, Command};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(code) => code,
        Err(error) => {
            anstream::eprintln!("{}: {error}", cli::error_word());
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<ExitCode, BoxError> {
    match cli.command {
        Command::New(arguments) => new::run(&arguments),
        Command::Check(arguments) => check::run(arguments).await,
        Command::Call(arguments) => call::run(arguments).await,
        Command::Bench(arguments) => bench::run(arguments).await,
    }
}
