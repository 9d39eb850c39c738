//! The typed config of a plugin without the macro.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use secrecy::SecretString;

use super::{ConfigKey, ConfigStore, PluginConfig};
use crate::{ConfigReceiver, Context, Result};

/// A [`ConfigReceiver`] that builds a `C` from what it receives, for a plugin without the macro
/// whose handlers stay the same. To rebuild them when the config changes, see
/// [`Server::configured`](crate::Server::configured).
///
/// An invalid value is rejected when it is delivered; missing keys are reported by
/// [`get`](Self::get).
///
/// ```no_run
/// use std::sync::Arc;
/// use cvtplugin::prelude::*;
/// use cvtplugin::{EventHandler, PluginInfo, Server, TypedConfig};
///
/// #[derive(PluginConfig)]
/// struct BellConfig {
///     /// How often to ring.
///     #[config(default = 1)]
///     times: u8,
/// }
///
/// struct Bell(Arc<TypedConfig<BellConfig>>);
///
/// impl EventHandler for Bell {
///     async fn on_validation_failed(&self, _: Context, _: ValidationFailedRequest) -> Result<EventResponse> {
///         let config = self.0.get()?;
///         tracing::warn!("{}", "ding ".repeat(config.times.into()));
///         Ok(EventResponse::new(true))
///     }
/// }
///
/// fn main() -> std::process::ExitCode {
///     let config = Arc::new(TypedConfig::new());
///     Server::new(PluginInfo::new("bell", "0.1.0"))
///         .config_receiver(config.clone())
///         .events(Arc::new(Bell(config)))
///         .serve()
/// }
/// ```
pub struct TypedConfig<C> {
    store: ConfigStore,
    /// The newest one built, and its generation.
    current: Mutex<Option<(u64, Arc<C>)>>,
}

impl<C: PluginConfig> TypedConfig<C> {
    /// Creates a receiver that has received nothing yet.
    pub fn new() -> Self {
        Self {
            store: ConfigStore::new(C::KEYS),
            current: Mutex::default(),
        }
    }

    /// Stores one key, as when CVT delivers it, and returns whether that changed anything. An
    /// empty value unsets the key; an unknown key is ignored with a warning.
    ///
    /// ```
    /// use cvtplugin::prelude::*;
    /// use cvtplugin::TypedConfig;
    ///
    /// #[derive(PluginConfig)]
    /// struct BellConfig {
    ///     /// How often to ring.
    ///     #[config(default = 1)]
    ///     times: u8,
    /// }
    ///
    /// let config = TypedConfig::<BellConfig>::new();
    /// assert_eq!(config.get()?.times, 1);
    /// assert!(config.set("times", "2")?);
    /// assert_eq!(config.get()?.times, 2);
    /// # Result::<()>::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`ConfigKey::check`](crate::ConfigKey::check).
    pub fn set(&self, key: impl Into<String>, value: impl Into<SecretString>) -> Result<bool> {
        self.store.set(key.into(), value.into())
    }

    /// The present config. The same one is returned until a value changes.
    ///
    /// # Errors
    ///
    /// Those of [`PluginConfig::from_values`]. CVT may deliver what is missing later, so call it
    /// again in the next call.
    pub fn get(&self) -> Result<Arc<C>> {
        let (generation, values) = self.store.snapshot();
        if let Some(config) = self.current(generation, None) {
            return Ok(config);
        }
        // The author's parsers, so not under the lock.
        let config = Arc::new(C::from_values(&values)?);
        let newest = self.current(generation, Some(config.clone()));
        Ok(newest.unwrap_or(config))
    }

    /// The kept config, if it is of this generation or a newer one; otherwise keeps `new`.
    fn current(&self, generation: u64, new: Option<Arc<C>>) -> Option<Arc<C>> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        match &*current {
            Some((kept, config)) if *kept >= generation => return Some(config.clone()),
            _ => *current = new.map(|config| (generation, config)).or(current.take()),
        }
        None
    }
}

impl<C: PluginConfig> Default for TypedConfig<C> {
    fn default() -> Self {
        Self::new()
    }
}

impl<C: PluginConfig> ConfigReceiver for TypedConfig<C> {
    async fn set_config(&self, _: Context, key: String, value: SecretString) -> Result<()> {
        self.set(key, value).map(drop)
    }

    fn keys(&self) -> &'static [ConfigKey] {
        C::KEYS
    }
}

impl<C> fmt::Debug for TypedConfig<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (generation, values) = self.store.snapshot();
        f.debug_struct("TypedConfig")
            .field("generation", &generation)
            .field("values", &values)
            .finish_non_exhaustive()
    }
}
