//! The secrets of the config.

use std::collections::BTreeMap;

use cvtplugin::{ExposeSecret as _, SecretString};

use crate::check::outcome::{Complaint, Outcome};
use crate::check::said::Words;

/// Shorter values turn up by chance.
pub(in crate::check) const MIN_SECRET: usize = 4;

/// No secret turns up in what the plugin said, in any run.
pub(in crate::check) fn check(secrets: &BTreeMap<String, SecretString>, words: &Words) -> Outcome {
    if secrets.is_empty() {
        return Err(Complaint::skipped(
            "say with --secret KEY which keys hold one",
        ));
    }
    for (key, secret) in secrets {
        let secret = secret.expose_secret();
        if secret.len() < MIN_SECRET {
            let why = format!("the secret {key:?} is shorter than {MIN_SECRET} bytes");
            return Err(Complaint::skipped(why));
        }
        if let Some(place) = place_of(secret, words) {
            return Err(Complaint::fails(
                format!("the secret {key:?} turns up {place}"),
                "keep secrets out of logs, output and errors: give them a type that redacts \
                 itself, and look at what errors of libraries quote",
            ));
        }
    }
    let keys: Vec<_> = secrets.keys().map(String::as_str).collect();
    Ok(format!("nothing of {}", keys.join(", ")))
}

/// Where a secret turns up.
fn place_of(secret: &str, words: &Words) -> Option<&'static str> {
    let escaped = serde_json::Value::from(secret).to_string();
    let escaped = escaped.trim_matches('"');
    let is_in = |text: &[u8]| contains(text, secret) || contains(text, escaped);
    if words.stderr.iter().any(|line| is_in(line)) {
        Some("in the log")
    } else if is_in(&words.printed) {
        Some("in what it prints")
    } else if is_in(&words.stdout) {
        Some("on the real stdout")
    } else if words.errors.iter().any(|text| is_in(text.as_bytes())) {
        Some("in an error's message")
    } else {
        None
    }
}

fn contains(text: &[u8], part: &str) -> bool {
    text.windows(part.len())
        .any(|window| window == part.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_wherever_it_turns_up() {
        let secret = r#"s3"cret"#;
        let in_log = Words {
            stderr: vec![br#"{"token":"s3\"cret"}"#.to_vec()],
            ..Words::default()
        };
        let printed = Words {
            printed: br#"token s3"cret"#.to_vec(),
            ..Words::default()
        };
        let on_stdout = Words {
            stdout: br#"s3"cret!"#.to_vec(),
            ..Words::default()
        };
        let in_error = Words {
            errors: vec![r#"401 for s3"cret"#.to_owned()],
            ..Words::default()
        };
        let places = [in_log, printed, on_stdout, in_error].map(|words| place_of(secret, &words));
        let expected = [
            Some("in the log"),
            Some("in what it prints"),
            Some("on the real stdout"),
            Some("in an error's message"),
        ];
        assert_eq!(places, expected);
        assert_eq!(place_of("secret", &Words::default()), None);
    }
}
