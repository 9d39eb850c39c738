//! The secrets of the config.

use std::collections::BTreeMap;

use cvtplugin::{ExposeSecret as _, SecretString};

use crate::check::outcome::{Finding, Outcome};
use crate::check::transcript::Transcript;
use crate::redaction::{MIN_SECRET, is_in};

/// No secret turns up in the plugin's output, in any run.
pub(in crate::check) fn check(
    secrets: &BTreeMap<String, SecretString>,
    transcript: &Transcript,
) -> Outcome {
    if secrets.is_empty() {
        return Err(Finding::skip(
            "no secrets: name the keys that hold one with --secret KEY",
        ));
    }
    let is_short = |secret: &SecretString| secret.expose_secret().len() < MIN_SECRET;
    let (short, long): (Vec<_>, Vec<_>) = secrets.iter().partition(|(_, it)| is_short(it));
    for (key, secret) in &long {
        if let Some(place) = place_of(secret.expose_secret(), transcript) {
            return Err(Finding::fail(
                format!("the secret {key:?} turns up {place}"),
                "keep secrets out of logs, output and errors: give them a type that redacts \
                 itself, and look at what errors of libraries quote",
            ));
        }
    }
    let keys = |of: &[(&String, _)]| {
        let keys: Vec<_> = of.iter().map(|(key, _)| key.as_str()).collect();
        keys.join(", ")
    };
    let unseen = format!(
        "{} not looked for: shorter than {MIN_SECRET} bytes",
        keys(&short)
    );
    match (long.as_slice(), short.as_slice()) {
        ([], _) => Err(Finding::skip(unseen)),
        (long, []) => Ok(format!("nothing of {}", keys(long))),
        (long, _) => Ok(format!("nothing of {}; {unseen}", keys(long))),
    }
}

/// Where a secret turns up.
fn place_of(secret: &str, transcript: &Transcript) -> Option<&'static str> {
    if transcript.stderr.iter().any(|line| is_in(secret, line)) {
        Some("in the log")
    } else if is_in(secret, &transcript.printed) {
        Some("in what it prints")
    } else if is_in(secret, &transcript.stdout) {
        Some("on the real stdout")
    } else if transcript
        .errors
        .iter()
        .any(|it| is_in(secret, it.as_bytes()))
    {
        Some("in an error's message")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::outcome::Level;

    #[test]
    fn secret_is_found_in_every_stream() {
        let secret = r#"s3"cret"#;
        let in_log = Transcript {
            stderr: vec![br#"{"token":"s3\"cret"}"#.to_vec()],
            ..Transcript::default()
        };
        let printed = Transcript {
            printed: br#"token s3"cret"#.to_vec(),
            ..Transcript::default()
        };
        let on_stdout = Transcript {
            stdout: br#"s3"cret!"#.to_vec(),
            ..Transcript::default()
        };
        let in_error = Transcript {
            errors: vec![r#"401 for s3"cret"#.to_owned()],
            ..Transcript::default()
        };
        let places =
            [in_log, printed, on_stdout, in_error].map(|transcript| place_of(secret, &transcript));
        let expected = [
            Some("in the log"),
            Some("in what it prints"),
            Some("on the real stdout"),
            Some("in an error's message"),
        ];
        assert_eq!(places, expected);
        assert_eq!(place_of("secret", &Transcript::default()), None);
    }

    #[test]
    fn short_secret_does_not_hide_a_leak() {
        let secrets = |pairs: &[(&str, &str)]| -> BTreeMap<String, SecretString> {
            let pairs = pairs.iter();
            pairs
                .map(|&(key, value)| (key.to_owned(), value.into()))
                .collect()
        };
        let transcript = Transcript {
            errors: vec!["no token: hunter2".to_owned()],
            ..Transcript::default()
        };
        let both = secrets(&[("pin", "123"), ("token", "hunter2")]);
        let leaked = check(&both, &transcript).expect_err("a leak");
        assert_eq!(leaked.level, Level::Fail);
        let kept = check(&both, &Transcript::default()).expect("no leak");
        assert!(
            kept.contains("nothing of token; pin not looked for"),
            "{kept}"
        );
        let unseen = check(&secrets(&[("pin", "123")]), &transcript).expect_err("unseen");
        assert_eq!(unseen.level, Level::Skipped);
    }
}
