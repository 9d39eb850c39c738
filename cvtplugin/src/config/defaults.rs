//! Checks the defaults and examples of a config before any operator relies on them.

use super::{ConfigKey, Report, ValueKind};
use crate::Result;

/// Fails if a default or an example cannot be parsed as its key's type: a bug in the plugin, for its
/// author to see at the first start. What a function of the author's accepts may depend on the
/// machine, so its default is parsed when it is needed.
pub(crate) fn check_defaults(keys: &[ConfigKey]) -> Result<()> {
    let mut report = Report::default();
    for key in keys.iter().filter(|key| key.kind != ValueKind::Custom) {
        if let Some(default) = key.default_value()
            && let Err(invalid) = (key.check)(&default)
        {
            report.wrong_default(key, &invalid);
        }
        if let Some(example) = key.example
            && let Err(invalid) = (key.check)(example)
        {
            report.wrong_example(key, &invalid);
        }
    }
    report.check_bugs()
}
