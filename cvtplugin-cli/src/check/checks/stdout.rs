//! The real stdout after the handshake line.

use crate::check::outcome::{Complaint, Outcome};
use crate::check::said::Words;

/// How much of what was printed is shown.
const SHOWN: usize = 60;

/// Nothing is printed there, in any run.
pub(in crate::check) fn check(words: &Words) -> Outcome {
    let text = String::from_utf8_lossy(&words.stdout);
    let Some(line) = text.lines().next() else {
        return Ok("nothing".to_owned());
    };
    let line: String = line.chars().take(SHOWN).collect();
    Err(Complaint::fails(
        format!("{} bytes, beginning with {line:?}", words.stdout.len()),
        "print nothing to the real stdout: log to stderr instead. Hosts throw it away, and a long \
         line without end stops their reader",
    ))
}
