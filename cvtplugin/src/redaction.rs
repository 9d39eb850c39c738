//! Keeps delivered secrets out of all that we write.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::{Arc, PoisonError, RwLock};

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value};

use crate::{ConfigKey, Error};

/// A shorter text says nothing, and is in half of all words.
const SHORTEST: usize = 4;

/// A secret of more lines is hidden as a whole, and so far line by line: each costs time.
const MAX_LINES: usize = 256;

const REDACTED: &str = "[redacted]";

/// What one byte of a text becomes at most, in `{:?}` and in JSON: `\u{7f}`, `\u001f`.
const LONGEST_ESCAPE: usize = 6;

/// The secrets that were delivered to a plugin. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Redactor {
    /// The longest first: one may contain another.
    secrets: Arc<RwLock<Vec<SecretString>>>,
}

impl Redactor {
    /// Hides `secret` from now on, in every form that it is likely to be written in. One that was
    /// replaced stays hidden: it may still be valid.
    pub(crate) fn hide(&self, secret: &SecretString) {
        let text = secret.expose_secret();
        // A line may stand alone, such as in a log, but not one that is mere punctuation.
        let lines = text
            .lines()
            .map(str::trim)
            .filter(|line| says_something(line));
        for part in [text, text.trim()].into_iter().chain(lines.take(MAX_LINES)) {
            self.hide_form(part.into());
            for escaped in escaped(part) {
                self.hide_form(escaped);
            }
        }
    }

    fn hide_form(&self, secret: SecretString) {
        let length = secret.expose_secret().len();
        if length < SHORTEST {
            return;
        }
        let mut secrets = self.secrets.write().unwrap_or_else(PoisonError::into_inner);
        let known = |known: &SecretString| known.expose_secret() == secret.expose_secret();
        if !secrets.iter().any(known) {
            let place = secrets.partition_point(|other| other.expose_secret().len() >= length);
            secrets.insert(place, secret);
        }
    }

    /// Hides the value of a key that is secret, and what it consists of.
    pub(crate) fn hide_if_secret(&self, keys: &[ConfigKey], key: &str, value: &SecretString) {
        let mut keys = keys.iter().filter(|known| known.is_secret());
        if let Some(key) = keys.find(|known| known.name() == key) {
            for part in key.parts(value.expose_secret()) {
                self.hide(&part.into());
            }
        }
    }

    /// Whether there is anything to hide.
    pub(crate) fn has_secrets(&self) -> bool {
        let secrets = self.secrets.read().unwrap_or_else(PoisonError::into_inner);
        !secrets.is_empty()
    }

    /// `text` without secrets.
    pub(crate) fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let secrets = self.secrets.read().unwrap_or_else(PoisonError::into_inner);
        let mut text = Cow::Borrowed(text);
        for secret in &*secrets {
            let secret = secret.expose_secret();
            if text.contains(secret) {
                text = Cow::Owned(text.replace(secret, REDACTED));
            }
        }
        text
    }

    /// The last place where `text`, which will go on, can be cut without cutting a secret.
    pub(crate) fn place_to_cut(&self, text: &[u8]) -> usize {
        let secrets = self.secrets.read().unwrap_or_else(PoisonError::into_inner);
        let secrets: Vec<_> = secrets
            .iter()
            .map(|secret| secret.expose_secret().as_bytes())
            .collect();
        let longest = secrets.first().map_or(0, |secret| secret.len());
        // What comes after this may be the beginning of one.
        let mut place = text.len().saturating_sub(longest.saturating_sub(1));
        while let Some(start) = secrets
            .iter()
            .find_map(|secret| start_of(secret, text, place))
        {
            place = start;
        }
        place
    }

    /// `fields` without secrets, in their names and in values of any type.
    pub(crate) fn redact_fields(&self, fields: Map<String, Value>) -> Map<String, Value> {
        let redact = |(key, value): (String, Value)| {
            let shown = match &value {
                Value::String(text) => self.redact(text).into_owned().into(),
                other if self.redact(&other.to_string()) != other.to_string() => REDACTED.into(),
                _ => value,
            };
            (self.redact(&key).into_owned(), shown)
        };
        fields.into_iter().map(redact).collect()
    }

    /// What the host is told of `error`: its chain on one line, without secrets.
    pub(crate) fn redact_error(&self, error: &Error) -> Error {
        Error::new(error.code(), self.redact(&error.chain()))
    }
}

/// Whether a line is told apart from the punctuation of all the world.
fn says_something(line: &str) -> bool {
    let letters = line.chars().filter(|char| char.is_alphanumeric());
    letters.count() >= SHORTEST
}

/// Where the secret begins in `text` that has begun before `place` and ends after it.
fn start_of(secret: &[u8], text: &[u8], place: usize) -> Option<usize> {
    let first = (place + 1).saturating_sub(secret.len());
    (first..place).find(|&start| text[start..].starts_with(secret))
}

/// `text` as `{:?}` and as JSON show it, each without its quotes.
fn escaped(text: &str) -> [SecretString; 2] {
    // A buffer that grew would leave the beginning of the secret behind.
    let room = room(text);
    let mut debug = Zeroizing::new(String::with_capacity(room));
    let mut json = Zeroizing::new(Vec::with_capacity(room));
    // Writing to memory never fails.
    let _ = write!(debug, "{text:?}");
    let _ = serde_json::to_writer(&mut *json, text);
    let json = std::str::from_utf8(&json).unwrap_or_default();
    [&debug, json].map(|quoted| {
        let text = quoted.strip_prefix('"');
        let text = text.and_then(|text| text.strip_suffix('"'));
        text.unwrap_or_default().into()
    })
}

/// How long `text` is at most, escaped and in quotes.
fn room(text: &str) -> usize {
    LONGEST_ESCAPE * text.len() + 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redactor(secrets: &[&str]) -> Redactor {
        let redactor = Redactor::default();
        for secret in secrets {
            redactor.hide(&SecretString::from(*secret));
        }
        redactor
    }

    #[test]
    fn every_secret_is_hidden_everywhere() {
        let redactor = redactor(&["hunter2", "12345", "hunter2-long"]);
        assert_eq!(
            redactor.redact("hunter2, hunter2-long and 12345"),
            "[redacted], [redacted] and [redacted]"
        );
        let fields = [
            ("token", Value::from("Bearer hunter2")),
            ("number", Value::from(912_345)),
            ("hunter2", Value::from(true)),
        ];
        let fields = fields.map(|(key, value)| (key.to_owned(), value));
        let shown = Value::Object(redactor.redact_fields(fields.into_iter().collect()));
        assert_eq!(
            shown,
            serde_json::json!({
                "token": "Bearer [redacted]",
                "number": "[redacted]",
                "[redacted]": true,
            })
        );
    }

    #[test]
    fn no_secret_is_cut() {
        let redactor = redactor(&["hunter2", "2-long-tail"]);
        for (text, place) in [
            ("x".repeat(30), 20),
            // Whole ones, the second of which overlaps the first.
            ("xxxxxxxxxxhunter2-long-tailxx".to_owned(), 10),
            // The beginning of one.
            ("xxxxxxxxxxxxxxxxxxhunt".to_owned(), 12),
        ] {
            assert_eq!(redactor.place_to_cut(text.as_bytes()), place, "{text}");
        }
        assert_eq!(Redactor::default().place_to_cut(b"xxx"), 3);
    }

    #[test]
    fn each_secret_of_a_list_is_hidden() {
        #[derive(crate::PluginConfig)]
        #[config(crate = "crate")]
        #[allow(dead_code)]
        struct Config {
            tokens: Option<Vec<SecretString>>,
            token: Option<SecretString>,
            names: Option<Vec<String>>,
        }
        let redactor = Redactor::default();
        for (key, value) in [
            ("tokens", "hunter2, hunter3"),
            ("token", "this,that"),
            ("names", "peter"),
        ] {
            redactor.hide_if_secret(<Config as crate::PluginConfig>::KEYS, key, &value.into());
        }
        assert_eq!(
            redactor.redact("hunter2 hunter3 this that peter this,that"),
            "[redacted] [redacted] this that peter [redacted]"
        );
    }

    #[test]
    fn a_secret_is_hidden_in_every_form() {
        let secret = "-----BEGIN KEY-----\n\"quo\\ted\"\n";
        let redactor = redactor(&[secret]);
        for shown in [
            secret.to_owned(),
            secret.trim().to_owned(),
            format!("{secret:?}"),
            Value::from(secret).to_string(),
            "\"quo\\ted\"".to_owned(),
            format!("{:?}", "\"quo\\ted\""),
        ] {
            let redacted = redactor.redact(&shown);
            assert!(!redacted.contains("quo"), "{redacted}");
        }
    }

    #[test]
    fn quotes_are_part_of_a_secret_in_every_form() {
        for secret in ["it's-a-s3cret\u{7f}", "\"s3cret\"", "'s3cret'"] {
            let redactor = redactor(&[secret]);
            let shown = format!("Bearer {secret}");
            assert_eq!(redactor.redact(&shown), "Bearer [redacted]");
            for quoted in [format!("{shown:?}"), Value::from(shown).to_string()] {
                assert_eq!(redactor.redact(&quoted), "\"Bearer [redacted]\"");
            }
        }
    }

    #[test]
    fn no_escaped_form_outgrows_its_room() {
        for character in '\0'..=char::MAX {
            let text = character.encode_utf8(&mut [0; 4]).to_owned();
            assert!(format!("{text:?}").len() <= room(&text), "{text:?}");
            let json = serde_json::to_string(&text).expect("text is JSON");
            assert!(json.len() <= room(&text), "{text:?}");
        }
    }

    #[test]
    fn the_punctuation_in_a_secret_is_none() {
        let redactor = redactor(&["abcdefgh\n    \n  },\n    ijklmnop"]);
        assert_eq!(
            redactor.redact("a    b {  },} ijklmnop"),
            "a    b {  },} [redacted]"
        );
    }

    #[test]
    fn errors_and_their_sources_are_redacted() {
        let source = std::io::Error::other("401 for hunter2");
        let error = Error::unavailable("the registry").with_source(source);
        let shown = redactor(&["hunter2"]).redact_error(&error);
        assert_eq!(shown.message(), "the registry: 401 for [redacted]");
    }

    #[test]
    fn what_is_too_short_to_be_secret_is_left_alone() {
        assert_eq!(redactor(&["abc", ""]).redact("abc"), "abc");
    }
}
