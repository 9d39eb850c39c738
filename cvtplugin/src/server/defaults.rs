//! The check of a config's defaults, which a plugin passes before it says who it is.

use tokio::sync::OnceCell;

use super::calls::Calls;
use crate::config::check_defaults;
use crate::{ConfigKey, Result};

/// The defaults of these keys. Once they have passed, nobody waits for the author's code again.
pub(crate) struct Defaults {
    keys: &'static [ConfigKey],
    passed: OnceCell<()>,
}

impl Defaults {
    pub(crate) fn of(keys: &'static [ConfigKey]) -> Self {
        Self {
            keys,
            passed: OnceCell::new(),
        }
    }

    /// Fails with all that are wrong.
    pub(crate) async fn check(&self, calls: &Calls) -> Result<()> {
        if self.keys.iter().all(|key| key.default.is_none()) {
            return Ok(());
        }
        let keys = self.keys;
        let check = async || {
            // Parsers are the author's code.
            let check = async move { check_defaults(keys) };
            calls.run("the defaults of its config", check).await?
        };
        self.passed.get_or_try_init(check).await.copied()
    }
}
