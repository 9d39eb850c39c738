//! The real stdout after the handshake line.

use crate::check::outcome::{Finding, Outcome};
use crate::check::transcript::Transcript;
use cvtplugin::__command::Redactor;

/// How much of what was printed is shown.
const SHOWN: usize = 60;

/// Nothing is printed there, in any run.
pub(in crate::check) fn check(transcript: &Transcript, redactor: &Redactor) -> Outcome {
    let stdout = String::from_utf8_lossy(&transcript.stdout);
    let text = redactor.redact(&stdout);
    let Some(line) = text.lines().next() else {
        return Ok("nothing".to_owned());
    };
    let line: String = line.chars().take(SHOWN).collect();
    Err(Finding::fail(
        format!("{} bytes, beginning with {line:?}", transcript.stdout.len()),
        "print nothing to the real stdout: log to stderr instead. Hosts throw it away, and a long \
         line without end stops their reader",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secret_is_not_shown_in_part() {
        let secret = "0123456789".repeat(5);
        let transcript = Transcript {
            stdout: format!("the token is {secret}\n").into_bytes(),
            ..Transcript::default()
        };
        let found = check(
            &transcript,
            &Redactor::from_iter([("token", &secret.into())]),
        );
        let found = found.expect_err("noise").found;
        assert!(found.contains("\"the token is [redacted]\""), "{found}");
    }
}
