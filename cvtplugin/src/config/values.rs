//! The values of config keys.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use secrecy::{ExposeSecret as _, SecretString};

/// Config keys and their values, as CVT delivers them. Each value may be a secret, and is zeroed
/// when dropped. Cheap to clone.
///
/// Tests collect it from pairs; a key with an empty value is not set.
///
/// ```
/// use cvtplugin::{ConfigValues, ExposeSecret as _};
///
/// let values = ConfigValues::from_iter([("token", "s3cret"), ("timeout", "")]);
/// assert_eq!(values.get("token").map(|token| token.expose_secret()), Some("s3cret"));
/// assert!(values.get("timeout").is_none());
/// assert!(!format!("{values:?}").contains("s3cret"));
/// ```
#[derive(Clone, Default)]
pub struct ConfigValues(Arc<BTreeMap<String, SecretString>>);

impl ConfigValues {
    /// The value of a key, if it is set.
    pub fn get(&self, key: &str) -> Option<&SecretString> {
        self.0.get(key)
    }

    /// The keys that are set, in sorted order, and their values.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &SecretString)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// Sets the value of a key; an empty one unsets it.
    pub(crate) fn set(&mut self, key: String, value: SecretString) {
        let values = Arc::make_mut(&mut self.0);
        if value.expose_secret().is_empty() {
            values.remove(&key);
        } else {
            values.insert(key, value);
        }
    }
}

impl<K: Into<String>, V: Into<SecretString>> FromIterator<(K, V)> for ConfigValues {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut values = Self::default();
        for (key, value) in pairs {
            values.set(key.into(), value.into());
        }
        values
    }
}

impl fmt::Debug for ConfigValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hidden = self.0.keys().map(|key| (key, format_args!("[redacted]")));
        f.debug_map().entries(hidden).finish()
    }
}
