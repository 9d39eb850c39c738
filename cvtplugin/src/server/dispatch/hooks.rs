//! What the handshake needs of a plugin: readiness, config, health, shutdown.

use std::future::ready;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use tonic::Request;

use super::defaults::Defaults;
use super::dispatcher::Dispatcher;
use super::handlers::{Handlers, Pending};
use super::instance::InstanceCell;
use crate::server::deadline::Deadline;
use crate::{ConfigKey, ConfigReceiver, Health, Result};

/// How long the plugin's `health` may take before it counts as not serving.
const HEALTH_TIMEOUT: Duration = Duration::from_secs(1);

/// One key of the config and its value.
pub(crate) type Setting = (String, SecretString);

/// What the handshake needs of a plugin, whatever its type.
pub(crate) trait Hooks: Send + Sync + 'static {
    /// Waits until `Info` can succeed; fails if the plugin will never be able to work.
    fn ready(&self) -> Pending<'_, Result<()>>;

    /// Takes one key of the config.
    fn set_config(&self, deadline: Deadline, request: Request<Setting>) -> Pending<'_, Result<()>>;

    /// Whether the plugin says that it is ready for calls.
    fn health(&self) -> Pending<'_, Health> {
        Box::pin(ready(Health::Serving))
    }

    /// Runs after the last call.
    fn shutdown(&self) -> Pending<'_, ()> {
        Box::pin(ready(()))
    }
}

/// The hooks of a plugin without the macro.
pub(crate) struct ReceiverHooks<C> {
    dispatcher: Dispatcher,
    receiver: Arc<C>,
    keys: &'static [ConfigKey],
    defaults: Defaults,
}

impl<C: ConfigReceiver> ReceiverHooks<C> {
    /// For a receiver that knows these keys.
    pub(crate) fn new(
        receiver: Arc<C>,
        keys: &'static [ConfigKey],
        dispatcher: Dispatcher,
    ) -> Self {
        Self {
            receiver,
            keys,
            defaults: Defaults::of(keys, dispatcher.clone()),
            dispatcher,
        }
    }
}

impl<C: ConfigReceiver> Hooks for ReceiverHooks<C> {
    fn ready(&self) -> Pending<'_, Result<()>> {
        Box::pin(self.defaults.check())
    }

    fn set_config(&self, deadline: Deadline, request: Request<Setting>) -> Pending<'_, Result<()>> {
        let receiver = self.receiver.clone();
        let (key, value) = request.get_ref();
        let redactor = self.dispatcher.redactor();
        redactor.hide_if_secret(self.keys, key, value);
        let set = |ctx, (key, value)| async move { receiver.set_config(ctx, key, value).await };
        Box::pin(self.dispatcher.run_for("SetConfig", deadline, request, set))
    }
}

impl<P: Handlers> Hooks for InstanceCell<P> {
    fn ready(&self) -> Pending<'_, Result<()>> {
        Box::pin(async {
            if P::KEYS.is_empty() {
                self.get().await.map(drop)
            } else {
                // Its config comes only after `Info`.
                self.check_defaults().await
            }
        })
    }

    fn set_config(&self, deadline: Deadline, request: Request<Setting>) -> Pending<'_, Result<()>> {
        Box::pin(async move {
            let dispatcher = self.dispatcher();
            if P::HAS_SET_CONFIG && P::KEYS.is_empty() {
                let (key, value) = request.get_ref();
                if P::SECRETS.contains(&key.as_str()) {
                    dispatcher.redactor().hide(key, value);
                }
                let plugin = self.get().await?.plugin();
                let set = |ctx, (key, value)| plugin.set_config(ctx, key, value);
                return dispatcher
                    .run_for("SetConfig", deadline, request, set)
                    .await;
            }
            let cell = self.clone();
            let set = |_, (key, value)| async move { cell.set_config(key, value) };
            dispatcher
                .run_for("SetConfig", deadline, request, set)
                .await
        })
    }

    fn health(&self) -> Pending<'_, Health> {
        Box::pin(async {
            let instance = self.existing();
            let Some(instance) = instance.filter(|instance| instance.plugin().has_health()) else {
                return Health::Serving;
            };
            let plugin = instance.plugin();
            drop(instance);
            let health = async move { plugin.health().await };
            let health = self.dispatcher().run("health", health);
            match tokio::time::timeout(HEALTH_TIMEOUT, health).await {
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
