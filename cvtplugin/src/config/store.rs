//! The config that CVT has delivered so far.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use secrecy::{ExposeSecret, SecretString};

use super::{ConfigKey, ConfigValues, suggest};
use crate::Result;

/// The most unknown keys that are warned about: whoever sends more does not mean a config.
const MAX_WARNINGS: usize = 100;

/// Keeps the config as CVT delivers it, and rejects invalid values at once.
pub(crate) struct ConfigStore {
    keys: &'static [ConfigKey],
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    values: ConfigValues,
    /// Grows whenever a value changes.
    generation: u64,
    /// The unknown keys that have been warned about.
    unknown: BTreeSet<String>,
}

impl ConfigStore {
    /// Creates an empty store for a config with these keys.
    pub(crate) fn new(keys: &'static [ConfigKey]) -> Self {
        Self {
            keys,
            state: Mutex::default(),
        }
    }

    /// Stores one key, and returns whether that changed anything. An empty value unsets the key.
    ///
    /// An unknown key is ignored with a warning: a newer host may send more.
    pub(crate) fn set(&self, key: String, value: SecretString) -> Result<bool> {
        let Some(known) = self.keys.iter().find(|known| known.name == key) else {
            self.warn(&key);
            return Ok(false);
        };
        let text = value.expose_secret();
        if !text.is_empty() {
            // The author's parser, so not under the lock.
            known.check(text)?;
        }
        let mut state = self.lock();
        let known = state.values.get(&key).map(ExposeSecret::expose_secret);
        if known.unwrap_or_default() == text {
            return Ok(false);
        }
        state.values.set(key, value);
        state.generation += 1;
        Ok(true)
    }

    /// Grows whenever a value changes.
    pub(crate) fn generation(&self) -> u64 {
        self.lock().generation
    }

    /// The present values and their generation.
    pub(crate) fn snapshot(&self) -> (u64, ConfigValues) {
        let state = self.lock();
        (state.generation, state.values.clone())
    }

    /// Warns about an unknown key, once.
    fn warn(&self, key: &str) {
        let mut state = self.lock();
        let is_news = state.unknown.len() < MAX_WARNINGS && state.unknown.insert(key.to_owned());
        drop(state);
        if is_news {
            let advice = suggest::advice(key, self.keys);
            tracing::warn!(key, "unknown config key, ignored: {advice}");
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
