//! The command line.

use std::fmt;
use std::io::{self, ErrorKind};

use anstyle::{AnsiColor, Style};
use clap::{Parser, Subcommand};

use crate::{bench, call, check, completions, new};

/// The command's name.
pub(crate) const NAME: &str = "cvt-plugin";

/// Make, check, call and measure plugins for CVT, the Contract Validator Toolkit.
///
/// The tools of a plugin's author, who needs no CVT for any of them. They work with plugins of
/// every language. Each command says more with --help, and gives examples.
#[derive(Debug, Parser)]
#[command(name = NAME, version, propagate_version = true, after_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXAMPLES: &str = "\
Examples:
  cvt-plugin new demo && cd demo && cargo test
  cvt-plugin call . FetchSchema schema_id=example --config-file config.yaml
  cvt-plugin check . --config-file config.yaml

Colours are for terminals; NO_COLOR=1 turns them off.";

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    New(new::Arguments),
    Check(check::Arguments),
    Call(call::Arguments),
    Bench(bench::Arguments),
    Completions(completions::Arguments),
}

/// A key and its value, as in `KEY=VALUE`.
pub(crate) fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err(format!("`{text}` is not of the form KEY=VALUE")),
    }
}

/// How an error message begins.
pub(crate) fn error_word() -> impl fmt::Display {
    let style = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
    format!("{style}error{style:#}")
}

/// Writes to stdout what was asked for, as it is.
pub(crate) fn print(output: &[u8]) -> io::Result<()> {
    print_to(io::stdout(), output)
}

/// Writes to stdout what was asked for, with its colours where they are wanted.
pub(crate) fn print_styled(output: &str) -> io::Result<()> {
    print_to(anstream::stdout(), output.as_bytes())
}

fn print_to(mut stdout: impl io::Write, output: &[u8]) -> io::Result<()> {
    match stdout.write_all(output).and_then(|()| stdout.flush()) {
        // Whoever reads has seen enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}
