//! The values of secret keys that the host has delivered.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, OnceLock};

use secrecy::{ExposeSecret as _, SecretString};

use super::matcher::Matcher;

/// How many values of one key are hidden: a value that was replaced may still be valid for a while.
const VALUES_KEPT: usize = 16;

/// Made when the first text is redacted after a change: a host delivers one key after the other.
pub(super) type LazyMatcher = Arc<OnceLock<Matcher>>;

/// What is to be hidden.
#[derive(Default)]
pub(super) struct Delivered {
    /// Of each key, the latest first. A value that is a list is there as such and item by item.
    values: BTreeMap<String, VecDeque<Vec<SecretString>>>,
    matcher: LazyMatcher,
}

impl Delivered {
    pub(super) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Adds a value of `key`, with its parts. The oldest one of that key may be forgotten.
    pub(super) fn add(&mut self, key: &str, value: Vec<SecretString>) {
        let values = self.values.entry(key.to_owned()).or_default();
        match values.iter().position(|known| is_same(known, &value)) {
            Some(0) => return,
            Some(place) => drop(values.remove(place)),
            None => {}
        }
        values.push_front(value);
        values.truncate(VALUES_KEPT);
        self.matcher = LazyMatcher::default();
    }

    pub(super) fn matcher(&self) -> LazyMatcher {
        self.matcher.clone()
    }

    pub(super) fn secrets(&self) -> impl Iterator<Item = &SecretString> {
        self.values.values().flatten().flatten()
    }
}

fn is_same(one: &[SecretString], other: &[SecretString]) -> bool {
    let mut pairs = one.iter().zip(other);
    one.len() == other.len()
        && pairs.all(|(one, other)| one.expose_secret() == other.expose_secret())
}
