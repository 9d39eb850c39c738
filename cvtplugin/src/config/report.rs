//! What keeps a config from being put together.

use super::{ConfigKey, Unfit};
use crate::{Error, Result};

/// Everything that is wrong, to be reported at once.
#[derive(Default)]
pub(crate) struct Report {
    missing: Vec<ConfigKey>,
    refused: Vec<String>,
    wrong_defaults: Vec<String>,
}

impl Report {
    pub(crate) fn missing(&mut self, key: &ConfigKey) {
        self.missing.push(*key);
    }

    pub(crate) fn refused(&mut self, key: &ConfigKey, unfit: &Unfit<'_>) {
        let refusal = key.refusal(unfit);
        self.refused.push(format!("`{}`: {refusal}", key.name));
    }

    pub(crate) fn wrong_default(&mut self, key: &ConfigKey, unfit: &Unfit<'_>) {
        self.wrong_defaults.push(format!("`{}`: {unfit}", key.name));
    }

    /// Fails if a default is wrong.
    pub(crate) fn check_defaults(&self) -> Result<()> {
        if self.wrong_defaults.is_empty() {
            return Ok(());
        }
        let defaults = self.wrong_defaults.join(", ");
        Err(Error::internal(format!(
            "the plugin itself is at fault, in the defaults of its config: {defaults}"
        )))
    }

    /// The error to answer with. The plugin's own mistake hides all others, since no operator
    /// can mend it.
    pub(crate) fn into_error(self) -> Error {
        if let Err(error) = self.check_defaults() {
            return error;
        }
        if self.refused.is_empty() {
            return Error::failed_precondition(missing(&self.missing));
        }
        let mut sentences = self.refused;
        if !self.missing.is_empty() {
            sentences.push(missing(&self.missing));
        }
        Error::invalid_argument(sentences.join(". "))
    }
}

/// Names all missing keys, and where they go.
fn missing(keys: &[ConfigKey]) -> String {
    let described = keys
        .iter()
        .map(|key| format!("`{}`{}", key.name, key.hint()));
    let described = described.collect::<Vec<_>>().join(", ");
    let secrets = keys.iter().filter(|key| key.secret);
    let secrets = secrets.map(|key| format!("`{}`", key.name));
    let secrets = match secrets.collect::<Vec<_>>().join(", ") {
        none if none.is_empty() => none,
        some => format!(", and {some} in plugins.<name>.secrets too"),
    };
    let (what, goes) = match keys.len() {
        1 => ("a required config key is".to_owned(), "it goes"),
        count => (format!("{count} required config keys are"), "they go"),
    };
    format!(
        "{what} not set: {described}. In ~/.cvt/config.yaml {goes} under \
         plugins.<name>.config{secrets}"
    )
}
