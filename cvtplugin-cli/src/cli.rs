//! The command line.

use std::fmt;

use anstyle::{AnsiColor, Style};
use clap::{Parser, Subcommand};

use crate::{bench, call, check, new};

/// Make, check, call and measure plugins for CVT, the Contract Validator Toolkit.
#[derive(Debug, Parser)]
#[command(name = "cvt-plugin", version, propagate_version = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    New(new::Arguments),
    Check(check::Arguments),
    Call(call::Arguments),
    Bench(bench::Arguments),
}

/// How an error message begins.
pub(crate) fn error_word() -> impl fmt::Display {
    let style = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
    format!("{style}error{style:#}")
}
