//! What is asked for on the command line.

use std::path::PathBuf;

use lexopt::prelude::*;

pub(crate) const USAGE: &str = "usage: cvtplugin-soak [--calls N] [--callers N] ECHO";

pub(crate) struct Arguments {
    /// The echo plugin's binary.
    pub(crate) plugin: PathBuf,
    pub(crate) calls: u64,
    /// How many calls are under way at a time.
    pub(crate) callers: usize,
}

impl Arguments {
    pub(crate) fn parse() -> Result<Self, lexopt::Error> {
        let (mut plugin, mut calls, mut callers) = (None, 1_000_000, 64);
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next()? {
            match argument {
                Long("calls") => calls = parser.value()?.parse()?,
                Long("callers") => callers = parser.value()?.parse()?,
                Value(path) if plugin.is_none() => plugin = Some(path.into()),
                other => return Err(other.unexpected()),
            }
        }
        Ok(Self {
            plugin: plugin.ok_or("no plugin given")?,
            calls,
            callers: callers.max(1),
        })
    }
}
