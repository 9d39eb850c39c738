//! The check of a config's defaults, which a plugin passes before `Info` succeeds.

use tokio::sync::OnceCell;

use super::dispatcher::Dispatcher;
use crate::config::check_defaults;
use crate::{ConfigKey, Result};

/// The defaults of these keys. Once they have passed, nobody waits for the plugin's parsers again.
pub(crate) struct Defaults {
    dispatcher: Dispatcher,
    keys: &'static [ConfigKey],
    passed: OnceCell<()>,
}

impl Defaults {
    pub(crate) fn of(keys: &'static [ConfigKey], dispatcher: Dispatcher) -> Self {
        Self {
            dispatcher,
            keys,
            passed: OnceCell::new(),
        }
    }

    /// Fails with all that are invalid.
    pub(crate) async fn check(&self) -> Result<()> {
        if self.keys.iter().all(|key| key.default.is_none()) {
            return Ok(());
        }
        let keys = self.keys;
        let check = async || {
            let check = async move { check_defaults(keys) };
            self.dispatcher
                .run("the defaults of its config", check)
                .await?
        };
        self.passed.get_or_try_init(check).await.copied()
    }
}
