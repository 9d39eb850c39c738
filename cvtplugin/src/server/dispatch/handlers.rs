//! How an instance is used, whoever built it: `#[cvt_plugin]`'s type or closures.

use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::Arc;

use secrecy::SecretString;

use crate::__private::HoldsConfig as _;
use crate::plugin::Definition;
use crate::{ConfigKey, Context, EventHandler, Health, RegistryProvider, Result};

/// A future of whatever type.
pub(crate) type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// An instance of a plugin.
pub(crate) trait Handlers: Send + Sync + Sized + 'static {
    type Registry: RegistryProvider;
    type Events: EventHandler;

    /// The keys of the typed config.
    const KEYS: &'static [ConfigKey];

    fn registry(self: Arc<Self>) -> Self::Registry;

    fn events(self: Arc<Self>) -> Self::Events;

    /// Whether config goes to [`set_config`](Self::set_config), in the place of a typed one.
    const HAS_SET_CONFIG: bool = false;

    /// The keys of that config whose values are secret.
    const SECRETS: &'static [&'static str] = &[];

    fn set_config(
        self: Arc<Self>,
        ctx: Context,
        key: String,
        value: SecretString,
    ) -> impl Future<Output = Result<()>> + Send {
        let _ = (ctx, key, value);
        ready(Ok(()))
    }

    /// Whether there is any sense in asking for its health.
    fn has_health(&self) -> bool;

    fn health(self: Arc<Self>) -> impl Future<Output = Health> + Send;

    fn shutdown(self: Arc<Self>) -> impl Future<Output = ()> + Send;
}

impl<P: Definition> Handlers for P {
    type Registry = P::Registry;
    type Events = P::Events;

    const KEYS: &'static [ConfigKey] = P::Config::READER.keys;

    fn registry(self: Arc<Self>) -> P::Registry {
        self.into()
    }

    fn events(self: Arc<Self>) -> P::Events {
        self.into()
    }

    const HAS_SET_CONFIG: bool = P::HAS_SET_CONFIG;

    const SECRETS: &'static [&'static str] = P::SECRETS;

    fn set_config(
        self: Arc<Self>,
        ctx: Context,
        key: String,
        value: SecretString,
    ) -> impl Future<Output = Result<()>> + Send {
        Definition::set_config(self, ctx, key, value)
    }

    fn has_health(&self) -> bool {
        P::HAS_HEALTH
    }

    fn health(self: Arc<Self>) -> impl Future<Output = Health> + Send {
        Definition::health(self)
    }

    fn shutdown(self: Arc<Self>) -> impl Future<Output = ()> + Send {
        Definition::shutdown(self)
    }
}
