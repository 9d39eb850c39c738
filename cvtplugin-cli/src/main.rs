//! `cvt-plugin`: the tools of a plugin's author, and a stand-in for CVT where there is no CVT.

// See `terminal::print`.
#![deny(clippy::print_stdout)]

mod arguments;
mod bench;
mod call;
mod cargo;
mod check;
mod cli;
mod completions;
mod config_file;
mod dev;
mod docs;
mod doctor;
mod executable;
mod go_duration;
mod install;
mod interrupt;
mod new;
mod schema;
mod self_description;
mod services;
mod stderr_log;
mod suggest;
mod target;
mod terminal;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};
use cvtplugin::BoxError;

use cli::{Cli, Command};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run_command(Cli::parse().command).await {
        Ok(code) => code,
        Err(error) => {
            terminal::print_error(&*error);
            ExitCode::FAILURE
        }
    }
}

async fn run_command(command: Command) -> Result<ExitCode, BoxError> {
    interrupt::reset()?;
    match command {
        Command::New(arguments) => new::run(&arguments),
        Command::Dev(arguments) => dev::run(arguments).await,
        Command::DevShim(arguments) => dev::run_shim(arguments).await,
        Command::Check(arguments) => check::run(arguments).await,
        Command::Call(arguments) => call::run(arguments).await,
        Command::Doctor(arguments) => doctor::run(arguments).await,
        Command::Docs(arguments) => docs::run(&arguments).await,
        Command::Schema(arguments) => schema::run(&arguments).await,
        Command::Bench(arguments) => bench::run(arguments).await,
        Command::Completions(arguments) => completions::run(&arguments, Cli::command()),
    }
}
