//! A plugin's config in a type that is as public as the plugin, where the author's may be private.

use std::fmt;

use crate::{ConfigKey, ConfigValues, PluginConfig, Result};

/// A type that holds a config, or `()` for none.
pub trait HoldsConfig: Sized + Send + 'static {
    const READER: ConfigReader<Self>;
}

impl HoldsConfig for () {
    const READER: ConfigReader<Self> = reader::<(), _>();
}

/// Reads a config into a `W` that holds it.
pub struct ConfigReader<W> {
    pub(crate) keys: &'static [ConfigKey],
    from_values: fn(&ConfigValues) -> Result<W>,
}

/// Reads a `C`.
#[must_use]
pub const fn reader<C: PluginConfig, W: From<C>>() -> ConfigReader<W> {
    ConfigReader {
        keys: C::KEYS,
        from_values: |values| C::from_values(values).map(W::from),
    }
}

impl<W> ConfigReader<W> {
    pub(crate) fn read(&self, values: &ConfigValues) -> Result<W> {
        (self.from_values)(values)
    }
}

impl<W> fmt::Debug for ConfigReader<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConfigReader")
            .field("keys", &self.keys)
            .finish_non_exhaustive()
    }
}
