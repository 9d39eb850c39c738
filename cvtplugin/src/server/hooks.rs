//! The parts of a plugin that are no extension: readiness, config, health, the end.

use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use tonic::Request;

use super::calls::Calls;
use super::defaults::Defaults;
use super::handlers::Handlers;
use super::instance::Slot;
use crate::{ConfigKey, ConfigReceiver, Health, PluginConfig as _, Result};

/// How long the author's `health` may take before the answer is no.
const HEALTH_BUDGET: Duration = Duration::from_secs(1);

pub(crate) type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One key of the config and its value.
pub(crate) type Setting = (String, SecretString);

/// What the handshake needs of a plugin, whatever its type.
pub(crate) trait Hooks: Send + Sync + 'static {
    /// Waits until the plugin can say who it is; fails if it will never be able to work.
    fn ready<'a>(&'a self, _: &'a Calls) -> Pending<'a, Result<()>>;

    /// Takes one key of the config.
    fn set_config<'a>(&'a self, _: &'a Calls, _: Request<Setting>) -> Pending<'a, Result<()>>;

    /// Whether the plugin is ready for calls, in its own opinion.
    fn health<'a>(&'a self, _: &'a Calls) -> Pending<'a, Health> {
        Box::pin(ready(Health::Serving))
    }

    /// Runs after the last call.
    fn shutdown(&self) -> Pending<'_, ()> {
        Box::pin(ready(()))
    }
}

/// The hooks of a plugin made by hand.
pub(crate) struct Receiver<C> {
    config: Arc<C>,
    keys: &'static [ConfigKey],
    defaults: Defaults,
}

impl<C: ConfigReceiver> Receiver<C> {
    /// For a receiver that knows these keys.
    pub(crate) fn new(config: Arc<C>, keys: &'static [ConfigKey]) -> Self {
        Self {
            config,
            keys,
            defaults: Defaults::of(keys),
        }
    }
}

impl<C: ConfigReceiver> Hooks for Receiver<C> {
    fn ready<'a>(&'a self, calls: &'a Calls) -> Pending<'a, Result<()>> {
        Box::pin(self.defaults.check(calls))
    }

    fn set_config<'a>(
        &'a self,
        calls: &'a Calls,
        request: Request<Setting>,
    ) -> Pending<'a, Result<()>> {
        let receiver = self.config.clone();
        let (key, value) = request.get_ref();
        calls.redactor().hide_if_secret(self.keys, key, value);
        Box::pin(
            calls.run_for("SetConfig", request, |ctx, (key, value)| async move {
                receiver.set_config(ctx, key, value).await
            }),
        )
    }
}

impl<P: Handlers> Hooks for Slot<P> {
    fn ready<'a>(&'a self, calls: &'a Calls) -> Pending<'a, Result<()>> {
        Box::pin(async {
            if P::Config::KEYS.is_empty() {
                self.get(calls).await.map(drop)
            } else {
                // Its config comes only after `Info`.
                self.check_defaults(calls).await
            }
        })
    }

    fn set_config<'a>(
        &'a self,
        calls: &'a Calls,
        request: Request<Setting>,
    ) -> Pending<'a, Result<()>> {
        Box::pin(async {
            if P::HAS_SET_CONFIG && P::Config::KEYS.is_empty() {
                let plugin = self.get(calls).await?.plugin();
                let set = |ctx, (key, value)| plugin.set_config(ctx, key, value);
                return calls.run_for("SetConfig", request, set).await;
            }
            let (slot, of) = (self.clone(), calls.clone());
            // The parsers of the config's types are the author's code too.
            let set = |_, (key, value)| async move { slot.set_config(&of, key, value) };
            calls.run_for("SetConfig", request, set).await
        })
    }

    fn health<'a>(&'a self, calls: &'a Calls) -> Pending<'a, Health> {
        Box::pin(async {
            let instance = self.existing();
            let Some(instance) = instance.filter(|instance| instance.plugin().has_health()) else {
                return Health::Serving;
            };
            let plugin = instance.plugin();
            let health = calls.run("health", async move { plugin.health().await });
            match tokio::time::timeout(HEALTH_BUDGET, health).await {
                Ok(Ok(health)) => health,
                _ => Health::NotServing,
            }
        })
    }

    fn shutdown(&self) -> Pending<'_, ()> {
        Box::pin(async {
            if let Some(instance) = self.existing() {
                instance.shut_down().await;
            }
        })
    }
}
