//! `cvt-plugin completions`.

use std::process::ExitCode;

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;
use cvtplugin::BoxError;

use crate::cli::{self, Cli};

/// Print what completes this command in a shell.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The shell.
    shell: Shell,
}

const EXAMPLES: &str = "\
Examples:
  source <(cvt-plugin completions bash)
  cvt-plugin completions zsh > ~/.zfunc/_cvt-plugin
  cvt-plugin completions fish > ~/.config/fish/completions/cvt-plugin.fish";

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, BoxError> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), cli::NAME, &mut script);
    cli::print(&script)?;
    Ok(ExitCode::SUCCESS)
}
