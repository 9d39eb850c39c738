//! Everything that is wrong with a config, reported at once.

use super::{ConfigKey, InvalidValue};
use crate::{Error, Result};

/// Collects what is wrong.
#[derive(Default)]
pub(crate) struct Report {
    missing: Vec<ConfigKey>,
    rejected: Vec<String>,
    bugs: Vec<String>,
}

impl Report {
    pub(crate) fn missing(&mut self, key: &ConfigKey) {
        self.missing.push(*key);
    }

    pub(crate) fn rejected(&mut self, key: &ConfigKey, invalid: &InvalidValue<'_>) {
        let rejection = key.rejection(invalid);
        self.rejected.push(format!("`{}`: {rejection}", key.name));
    }

    pub(crate) fn wrong_default(&mut self, key: &ConfigKey, invalid: &InvalidValue<'_>) {
        self.bug("default", key, invalid);
    }

    pub(crate) fn wrong_example(&mut self, key: &ConfigKey, invalid: &InvalidValue<'_>) {
        self.bug("example", key, invalid);
    }

    fn bug(&mut self, what: &str, key: &ConfigKey, invalid: &InvalidValue<'_>) {
        let bug = format!("invalid {what} for `{}`: {invalid}", key.name);
        self.bugs.push(bug);
    }

    /// Fails if a default or an example is wrong.
    pub(crate) fn check_bugs(&self) -> Result<()> {
        if self.bugs.is_empty() {
            return Ok(());
        }
        let bugs = self.bugs.join("; ");
        Err(Error::internal(format!("bug in this plugin: {bugs}")))
    }

    /// The error to return. A bug in the plugin hides everything else, since no operator can fix
    /// it.
    pub(crate) fn into_error(self) -> Error {
        if let Err(error) = self.check_bugs() {
            return error;
        }
        if self.rejected.is_empty() {
            return Error::failed_precondition(missing(&self.missing));
        }
        let mut problems = self.rejected;
        if !self.missing.is_empty() {
            problems.push(missing(&self.missing));
        }
        Error::invalid_argument(problems.join("; "))
    }
}

/// Names all missing keys, and where to set them.
fn missing(keys: &[ConfigKey]) -> String {
    let described = keys
        .iter()
        .map(|key| format!("`{}`{}", key.name, key.hint()));
    let described = described.collect::<Vec<_>>().join(", ");
    let secrets = keys.iter().filter(|key| key.secret);
    let secrets = secrets.map(|key| format!("`{}`", key.name));
    let secrets = match secrets.collect::<Vec<_>>().join(", ") {
        none if none.is_empty() => none,
        some => format!(", and list {some} in plugins.<name>.secrets"),
    };
    let (what, them) = match keys.len() {
        1 => ("missing required config key".to_owned(), "it"),
        count => (format!("missing {count} required config keys"), "them"),
    };
    format!(
        "{what} {described}: set {them} under plugins.<name>.config in \
         ~/.cvt/config.yaml{secrets}"
    )
}
