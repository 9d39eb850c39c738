//! Keeps delivered secrets out of all that we write.
//!
//! Every text is looked through once, for all secrets together, on the thread that has it. What a
//! secret is likely to be disguised as is found too: percent-encoding, hex, base64, and escapes.

mod beginnings;
mod cut;
mod delivered;
#[cfg(test)]
mod disguises;
mod matcher;
mod patterns;
mod views;

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value};

pub(crate) use cut::{boundary, cut};
use delivered::Delivered;
use matcher::{Matcher, REDACTED};

use crate::{ConfigKey, Error};

/// How much of an error's message a host is told. It comes in a header, and a host closes the
/// connection, with all its calls, when that is larger than it accepts: 16 MiB for CVT.
pub(crate) const MAX_STATUS_MESSAGE: usize = 64 * 1024;

/// The names of the fields that we set: no secret, whatever it is, may make them unreadable.
const OUR_FIELDS: [&str; 9] = [
    "backtrace",
    "code",
    "duration",
    "location",
    "method",
    "request_id",
    "service",
    "target",
    "thread",
];

/// The secrets that were delivered to a plugin. Cheap to clone.
#[derive(Clone, Default)]
pub struct Redactor(Arc<RwLock<Delivered>>);

impl Redactor {
    /// Hides the value of `key` from now on, unless `keys` say that it is not a secret. Of a key that
    /// they do not know, nobody can say that.
    pub(crate) fn hide_if_secret(&self, keys: &[ConfigKey], key: &str, value: &SecretString) {
        match keys.iter().find(|known| known.name() == key) {
            None => self.hide(key, value),
            Some(known) if known.is_secret() => {
                let parts = known.parts(value.expose_secret());
                self.add(key, parts.map(SecretString::from).collect());
            }
            Some(_) => {}
        }
    }

    /// Hides `value` from now on. The last few values of a key stay hidden when it gets another:
    /// they may still be valid.
    pub fn hide(&self, key: &str, value: &SecretString) {
        self.add(key, vec![value.clone()]);
    }

    fn add(&self, key: &str, value: Vec<SecretString>) {
        // Most hosts deliver what is not set as an empty value.
        if value.iter().any(|part| !part.expose_secret().is_empty()) {
            let mut delivered = self.0.write().unwrap_or_else(PoisonError::into_inner);
            delivered.add(key, value);
        }
    }

    /// Whether there is anything to hide.
    pub(crate) fn has_secrets(&self) -> bool {
        !self.delivered().is_empty()
    }

    /// `text` without secrets. To be called before anything is cut or quoted.
    pub fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.redact_start(text, usize::MAX)
    }

    /// At most `max` bytes of `text`, without secrets, and with a mark if there is more. The rest
    /// of a long text costs nothing.
    pub(crate) fn redact_start<'t>(&self, text: &'t str, max: usize) -> Cow<'t, str> {
        let redacted = self.with_matcher(|matcher| matcher.redact(text, max));
        redacted.unwrap_or_else(|| match text.len() {
            length if length > max => cut(text, max, 0).into(),
            _ => text.into(),
        })
    }

    /// The last place where `text`, which will go on, can be cut without cutting a secret; 0 if
    /// more of it has to be seen for that.
    pub fn place_to_cut(&self, text: &[u8]) -> usize {
        let place = self.with_matcher(|matcher| matcher.place_to_cut(text));
        place.unwrap_or(text.len())
    }

    /// `fields` without secrets, in their names and in values of any type, each text cut to `max`
    /// bytes.
    pub(crate) fn redact_fields(
        &self,
        fields: Map<String, Value>,
        max: usize,
    ) -> Map<String, Value> {
        if !self.has_secrets() {
            return fields;
        }
        let redact = |(key, value): (String, Value)| {
            let shown = match value {
                Value::String(text) => self.redact_start(&text, max).into_owned().into(),
                Value::Null => Value::Null,
                other if self.is_in(&other.to_string()) => REDACTED.into(),
                other => other,
            };
            if OUR_FIELDS.contains(&&*key) {
                return (key, shown);
            }
            (self.redact(&key).into_owned(), shown)
        };
        fields.into_iter().map(redact).collect()
    }

    /// What the host is told of `error`, and what the log says of it: its chain on one line, without
    /// secrets, no longer than a host takes.
    ///
    /// To be called once an error, and where handlers are polled: a long text takes its time.
    pub(crate) fn redact_error(&self, error: &Error) -> Error {
        let message = error.chain();
        Error::new(
            error.code(),
            self.redact_start(&message, MAX_STATUS_MESSAGE),
        )
    }

    /// Whether there is a secret in `text`.
    pub fn is_in(&self, text: &str) -> bool {
        self.with_matcher(|matcher| matcher.is_in(text))
            .unwrap_or_default()
    }

    /// Calls `look` if there is anything to look for.
    fn with_matcher<R>(&self, look: impl FnOnce(&Matcher) -> R) -> Option<R> {
        let delivered = self.delivered();
        if delivered.is_empty() {
            return None;
        }
        let matcher = delivered.matcher();
        drop(delivered);
        // Whoever delivers the next secret does not wait for this.
        let matcher = matcher.get_or_init(|| Matcher::new(self.delivered().secrets()));
        Some(look(matcher))
    }

    fn delivered(&self) -> RwLockReadGuard<'_, Delivered> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'s> FromIterator<(&'s str, &'s SecretString)> for Redactor {
    /// Hides the value of each key.
    fn from_iter<I: IntoIterator<Item = (&'s str, &'s SecretString)>>(values: I) -> Self {
        let redactor = Self::default();
        for (key, value) in values {
            redactor.hide(key, value);
        }
        redactor
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redactor").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
