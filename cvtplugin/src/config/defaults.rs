//! Checks the defaults of a config before any operator relies on them.

use super::{ConfigKey, Report, ValueKind};
use crate::Result;

/// Fails if a default cannot be parsed as its key's type: a bug in the plugin, for its author to
/// see at the first start. What a function of the author's accepts may depend on the machine, so
/// its default is parsed when it is needed.
pub(crate) fn check_defaults(keys: &[ConfigKey]) -> Result<()> {
    let mut report = Report::default();
    for key in keys.iter().filter(|key| key.kind != ValueKind::Custom) {
        let Some(default) = key.default_value() else {
            continue;
        };
        if let Err(invalid) = (key.check)(&default) {
            report.wrong_default(key, &invalid);
        }
    }
    report.check_defaults()
}
