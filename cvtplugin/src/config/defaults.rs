//! The defaults of a config, before any operator relies on them.

use super::{ConfigKey, Reading, Report};
use crate::Result;

/// Fails if a default cannot be read as its key's type: the plugin's own mistake, for its author
/// to see at the first start. That of a function of the author's may depend on where it runs, so
/// it is left until it is needed.
pub(crate) fn check_defaults(keys: &[ConfigKey]) -> Result<()> {
    let mut report = Report::default();
    for key in keys.iter().filter(|key| key.reading != Reading::Custom) {
        let Some(default) = key.default_value() else {
            continue;
        };
        if let Err(unfit) = (key.check)(&default) {
            report.wrong_default(key, &unfit);
        }
    }
    report.check_defaults()
}
