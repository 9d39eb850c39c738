//! `cvt-plugin completions`.

use std::process::ExitCode;

use clap::Args;
use clap_complete::Shell;
use cvtplugin::BoxError;

use crate::terminal;

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

pub(crate) fn run(arguments: &Arguments, mut command: clap::Command) -> Result<ExitCode, BoxError> {
    let mut script = Vec::new();
    let name = command.get_name().to_owned();
    clap_complete::generate(arguments.shell, &mut command, name, &mut script);
    terminal::print(&script)?;
    Ok(ExitCode::SUCCESS)
}
