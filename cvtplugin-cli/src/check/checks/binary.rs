//! The plugin's binary.

use std::path::Path;

use super::start::{Start, Step};
use crate::check::outcome::{Finding, Outcome};

/// The binary can be started; its size is for information.
pub(in crate::check) fn check(binary: &Path, start: &Start) -> Outcome {
    Step::Spawn.of(start, "")?;
    let size = binary.metadata().map(|file| file.len());
    let size = size.map_err(|error| Finding::skip(error.to_string()))?;
    Ok(format!("{}, hashed by CVT at each start", human(size)))
}

/// A size in MiB, with one decimal.
fn human(bytes: u64) -> String {
    let tenths = bytes * 10 / (1024 * 1024);
    format!("{}.{} MiB", tenths / 10, tenths % 10)
}
