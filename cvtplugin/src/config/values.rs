//! What was delivered.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

/// What CVT delivered: keys and their values, each of which may be a secret. Values are zeroed
/// when dropped. Cheap to clone.
///
/// Tests make one of pairs; an empty value is as good as none.
///
/// ```
/// use cvtplugin::ConfigValues;
///
/// let values = ConfigValues::from_iter([("token", "s3cret"), ("timeout", "")]);
/// assert_eq!(values.get("token"), Some("s3cret"));
/// assert_eq!(values.get("timeout"), None);
/// assert!(!format!("{values:?}").contains("s3cret"));
/// ```
#[derive(Clone, Default)]
pub struct ConfigValues(Arc<BTreeMap<String, SecretString>>);

impl ConfigValues {
    /// The value of a key, if it is set.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(ExposeSecret::expose_secret)
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
