//! What is asked for on the command line.

use std::path::PathBuf;

use lexopt::prelude::*;

pub(crate) const USAGE: &str = "usage: cvtplugin-soak [--calls N] [--callers N] [DIRECTORY]";

pub(crate) struct Arguments {
    /// Where the plugins echo and ledger are: beside this binary, unless named.
    pub(crate) directory: PathBuf,
    pub(crate) calls: u64,
    /// How many calls are in flight at a time.
    pub(crate) callers: usize,
}

impl Arguments {
    pub(crate) fn parse() -> Result<Self, lexopt::Error> {
        let (mut directory, mut calls, mut callers) = (None, 1_000_000, 64);
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next()? {
            match argument {
                Long("calls") => calls = parser.value()?.parse()?,
                Long("callers") => callers = parser.value()?.parse()?,
                Value(path) if directory.is_none() => directory = Some(path.into()),
                other => return Err(other.unexpected()),
            }
        }
        let beside = || Some(std::env::current_exe().ok()?.parent()?.to_owned());
        Ok(Self {
            directory: directory.or_else(beside).ok_or("no directory given")?,
            calls,
            callers: callers.max(1),
        })
    }

    pub(crate) fn plugin(&self, name: &str) -> PathBuf {
        self.directory.join(format!("cvt-plugin-{name}"))
    }
}
