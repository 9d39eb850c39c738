//! The secrets of the config.

use std::collections::BTreeMap;

use cvtplugin::__command::Redactor;
use cvtplugin::{ExposeSecret as _, SecretString};

use crate::check::context::{CheckContext, Run, odd_canary};
use crate::check::messages;
use crate::check::outcome::{Finding, Outcome};
use crate::check::transcript::Transcript;
use crate::self_description::Key;
use crate::services::path;
use crate::suggest;

/// Provokes errors that may quote a secret: launches the plugin once for each, with an odd value
/// in its place, and makes every call that it declares.
pub(in crate::check) async fn provoke(context: &CheckContext) {
    for key in context.secrets.keys() {
        let host = context.host().config(key, odd_canary(key));
        // What a plugin that refuses it says is captured, and seen later.
        if let Ok(run) = context.launch_by(host).await {
            call_all(&run).await;
            context.end(run).await;
        }
    }
}

async fn call_all(run: &Run) {
    let caller = run.caller();
    for rpc in run.declared() {
        caller.call(&path(rpc), messages::likely(rpc)).await;
    }
}

/// No secret turns up in the plugin's output, in any run, plain or in any form that is promised to
/// be kept in by the SDK: percent-encoding, hex, base64, escapes.
pub(in crate::check) fn check(
    secrets: &BTreeMap<String, SecretString>,
    keys: &[Key],
    transcript: &Transcript,
) -> Outcome {
    if secrets.is_empty() {
        let declared = keys.iter().filter(|key| key.secret);
        let declared: Vec<_> = declared
            .map(|key| format!("--secret {}", key.name))
            .collect();
        let option = match declared.as_slice() {
            [] => "--secret KEY".to_owned(),
            declared => declared.join(" "),
        };
        return Err(Finding::skip(format!(
            "no secrets: name the keys that hold one with {option}"
        )));
    }
    let (mut long, mut short) = (Vec::new(), Vec::new());
    for (key, secret) in secrets {
        let redactor = Redactor::from_iter([(key.as_str(), secret)]);
        if redactor.is_in(secret.expose_secret()) {
            long.push(key.as_str());
        } else {
            short.push(key.as_str());
        }
        redactor.hide(key, &odd_canary(key));
        if let Some(place) = place_of(&redactor, transcript) {
            return Err(Finding::fail(
                format!("the secret {key:?} turns up {place}"),
                "keep secrets out of logs, output and errors, encoded ones too: give them a type \
                 that redacts itself, and look at what errors of libraries quote",
            ));
        }
    }
    let known = || keys.iter().map(|key| key.name.as_str());
    let unknown = secrets.keys().find(|it| known().all(|key| key != *it));
    if let Some(unknown) = unknown
        && !keys.is_empty()
    {
        return Err(Finding::warn(
            format!("the plugin has no config key `{unknown}`, so nothing was to be seen of it"),
            suggest::advice(unknown, known()),
        ));
    }
    let (long, short) = (long.join(", "), short.join(", "));
    let unseen = format!("{short} not looked for: too short to be told from other text");
    match (long.as_str(), short.as_str()) {
        ("", _) => Err(Finding::skip(unseen)),
        (long, "") => Ok(format!("nothing of {long}")),
        (long, _) => Ok(format!("nothing of {long}; {unseen}")),
    }
}

/// Where a secret turns up.
fn place_of(redactor: &Redactor, transcript: &Transcript) -> Option<&'static str> {
    let is_in = |text: &[u8]| redactor.is_in(&String::from_utf8_lossy(text));
    if transcript.stderr.iter().any(|line| is_in(line)) {
        Some("in the log")
    } else if is_in(&transcript.printed) {
        Some("in what it prints")
    } else if is_in(&transcript.stdout) {
        Some("on the real stdout")
    } else if transcript.errors.iter().any(|it| redactor.is_in(it)) {
        Some("in an error's message")
    } else {
        None
    }
}

#[cfg(test)]
#[path = "disguises.rs"] // the runtime's, by a symbolic link
mod disguises;

#[cfg(test)]
mod tests {
    use super::disguises::{Numbers, forms};
    use super::*;
    use crate::check::outcome::Level;

    /// How many secrets are tried, each in some thirty forms.
    const SECRETS: usize = 50;

    fn secrets(pairs: &[(&str, &str)]) -> BTreeMap<String, SecretString> {
        let pairs = pairs.iter();
        pairs
            .map(|&(key, value)| (key.to_owned(), value.into()))
            .collect()
    }

    /// The same text in each stream, with where it is then found.
    fn in_each_stream(text: &str) -> [(Transcript, &'static str); 4] {
        let in_log = Transcript {
            stderr: vec![b"{}".to_vec(), text.into()],
            ..Transcript::default()
        };
        let printed = Transcript {
            printed: text.into(),
            ..Transcript::default()
        };
        let on_stdout = Transcript {
            stdout: text.into(),
            ..Transcript::default()
        };
        let in_error = Transcript {
            errors: vec![text.to_owned()],
            ..Transcript::default()
        };
        [
            (in_log, "in the log"),
            (printed, "in what it prints"),
            (on_stdout, "on the real stdout"),
            (in_error, "in an error's message"),
        ]
    }

    #[test]
    fn secret_is_found_in_every_stream_in_every_form() {
        let mut numbers = Numbers(7);
        for _ in 0..SECRETS {
            let secret = numbers.secret();
            let redactor = Redactor::from_iter([("token", &secret.as_str().into())]);
            for form in forms(&secret, &mut numbers) {
                for (transcript, place) in in_each_stream(&format!("it is {form}!")) {
                    assert_eq!(place_of(&redactor, &transcript), Some(place), "{form}");
                }
            }
            for (transcript, _) in in_each_stream("it is not there") {
                assert_eq!(place_of(&redactor, &transcript), None, "{secret}");
            }
        }
    }

    #[test]
    fn odd_canary_counts_as_the_secret() {
        let transcript = Transcript {
            errors: vec![format!(
                "no token: {:?}",
                odd_canary("token").expose_secret()
            )],
            ..Transcript::default()
        };
        let leaked =
            check(&secrets(&[("token", "hunter2")]), &[], &transcript).expect_err("a leak");
        assert!(leaked.found.contains("in an error"), "{}", leaked.found);
    }

    #[test]
    fn short_secret_does_not_hide_a_leak() {
        let transcript = Transcript {
            errors: vec!["no token: hunter2".to_owned()],
            ..Transcript::default()
        };
        let both = secrets(&[("pin", "123"), ("token", "hunter2")]);
        let leaked = check(&both, &[], &transcript).expect_err("a leak");
        assert_eq!(leaked.level, Level::Fail);
        let kept = check(&both, &[], &Transcript::default()).expect("no leak");
        assert!(
            kept.contains("nothing of token; pin not looked for"),
            "{kept}"
        );
        let unseen = check(&secrets(&[("pin", "123")]), &[], &transcript).expect_err("unseen");
        assert_eq!(unseen.level, Level::Skipped);
    }
}
