//! A plugin's config in a type that is as public as the plugin, where the author's may be private.

use std::fmt;

use crate::{ConfigKey, ConfigValues, PluginConfig, Result};

/// How a config is read, into a `W` that holds it.
pub struct ReadConfig<W> {
    pub(crate) keys: &'static [ConfigKey],
    from_values: fn(&ConfigValues) -> Result<W>,
}

/// Reads a `C`.
#[must_use]
pub const fn read_config<C: PluginConfig, W: From<C>>() -> ReadConfig<W> {
    ReadConfig {
        keys: C::KEYS,
        from_values: |values| C::from_values(values).map(W::from),
    }
}

impl<W> ReadConfig<W> {
    pub(crate) fn read(&self, values: &ConfigValues) -> Result<W> {
        (self.from_values)(values)
    }
}

impl<W> fmt::Debug for ReadConfig<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadConfig")
            .field("keys", &self.keys)
            .finish_non_exhaustive()
    }
}
