//! What is asked for on the command line.

use std::path::PathBuf;

use lexopt::prelude::*;

pub(crate) const USAGE: &str = "usage: cvtplugin-soak [--calls N] [--callers N] [FOLDER]";

pub(crate) struct Arguments {
    /// Where the plugins echo and ledger are: beside this binary, unless it is said.
    pub(crate) folder: PathBuf,
    pub(crate) calls: u64,
    /// How many calls are under way at a time.
    pub(crate) callers: usize,
}

impl Arguments {
    pub(crate) fn parse() -> Result<Self, lexopt::Error> {
        let (mut folder, mut calls, mut callers) = (None, 1_000_000, 64);
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next()? {
            match argument {
                Long("calls") => calls = parser.value()?.parse()?,
                Long("callers") => callers = parser.value()?.parse()?,
                Value(path) if folder.is_none() => folder = Some(path.into()),
                other => return Err(other.unexpected()),
            }
        }
        let beside = || Some(std::env::current_exe().ok()?.parent()?.to_owned());
        Ok(Self {
            folder: folder.or_else(beside).ok_or("no folder given")?,
            calls,
            callers: callers.max(1),
        })
    }

    pub(crate) fn plugin(&self, name: &str) -> PathBuf {
        self.folder.join(format!("cvt-plugin-{name}"))
    }
}
