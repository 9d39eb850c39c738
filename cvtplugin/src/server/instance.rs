//! The plugin as a living thing: made of its config, in a task of its own, and kept until the
//! config changes.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::watch;
use tokio::time::timeout;

use super::calls::Calls;
use super::defaults::Defaults;
use super::hooks::Pending;
use super::source::{Lease, Source};
use crate::config::ConfigStore;
use crate::{ConfigValues, Error, Plugin, PluginConfig as _, Result};

/// How long the author's `shutdown` may take.
const SHUTDOWN_BUDGET: Duration = Duration::from_secs(1);

/// A plugin and what serves its services.
pub(crate) struct Instance<P: Plugin> {
    plugin: Arc<P>,
    registry: Arc<P::Registry>,
    events: Arc<P::Events>,
    calls: Calls,
    has_shut_down: AtomicBool,
}

impl<P: Plugin> Instance<P> {
    fn new(plugin: P, calls: Calls) -> Self {
        let plugin = Arc::new(plugin);
        Self {
            registry: Arc::new(plugin.clone().into()),
            events: Arc::new(plugin.clone().into()),
            plugin,
            calls,
            has_shut_down: AtomicBool::new(false),
        }
    }

    pub(crate) fn plugin(&self) -> Arc<P> {
        self.plugin.clone()
    }

    /// Runs the author's `shutdown`, the first time this is called.
    pub(crate) fn shut_down(&self) -> impl Future<Output = ()> + Send + 'static {
        let first = !self.has_shut_down.swap(true, Ordering::Relaxed);
        let (plugin, calls) = (self.plugin(), self.calls.clone());
        async move {
            if first {
                // A panic there is in the log, and nothing is left to be done about it.
                let shutdown = async move { plugin.shutdown().await };
                let shutdown = calls.run_aside("shutdown", shutdown);
                if timeout(SHUTDOWN_BUDGET, shutdown).await.is_err() {
                    tracing::warn!("giving up on `shutdown`, which takes over {SHUTDOWN_BUDGET:?}");
                }
            }
        }
    }
}

/// An instance that a change of the config has replaced shuts down after its last call.
impl<P: Plugin> Drop for Instance<P> {
    fn drop(&mut self) {
        if !*self.has_shut_down.get_mut() {
            self.calls.run_to_the_end(self.shut_down());
        }
    }
}

/// The one place of a plugin's instance. Cheap to clone.
pub(crate) struct Slot<P: Plugin>(Arc<Inner<P>>);

struct Inner<P: Plugin> {
    config: ConfigStore,
    defaults: Defaults,
    /// Makes the first instance, in the place of the plugin's own constructor.
    first: Mutex<Option<Pending<'static, Result<P>>>>,
    state: Mutex<State<P>>,
}

/// Which config something was made of: it counts the changes.
type Generation = u64;

/// What all who wait for one construction get.
type Outcome<P> = Result<Arc<Instance<P>>, Arc<Error>>;

/// Gets the outcome of a construction.
type Building<P> = watch::Receiver<Option<Outcome<P>>>;

enum State<P: Plugin> {
    Empty,
    Building(Generation, Building<P>),
    Built(Generation, Arc<Instance<P>>),
    /// For good: a plugin without config was not made.
    Failed(Arc<Error>),
}

/// What becomes of one call's wish for an instance.
enum Wish<P: Plugin> {
    Granted(Outcome<P>),
    Pending(Building<P>),
}

impl<P: Plugin> Slot<P> {
    /// For a plugin whose first instance is made by `first`, if that is there.
    pub(crate) fn new(first: Option<Pending<'static, Result<P>>>) -> Self {
        Self(Arc::new(Inner {
            config: ConfigStore::new(P::Config::KEYS),
            defaults: Defaults::of(P::Config::KEYS),
            first: Mutex::new(first),
            state: Mutex::new(State::Empty),
        }))
    }

    /// Takes one key of the config, in a task of the author's code, which its parsers are.
    pub(crate) fn set_config(&self, calls: &Calls, key: String, value: SecretString) -> Result<()> {
        calls
            .redactor()
            .hide_if_secret(P::Config::KEYS, &key, &value);
        self.0.config.set(key, value).map(drop)
    }

    /// The instance, if there is one.
    pub(crate) fn existing(&self) -> Option<Arc<Instance<P>>> {
        match &*self.lock() {
            State::Built(_, instance) => Some(instance.clone()),
            _ => None,
        }
    }

    /// Fails if a default of the config is wrong.
    pub(crate) async fn check_defaults(&self, calls: &Calls) -> Result<()> {
        self.0.defaults.check(calls).await
    }

    /// Waits for the instance of the present config; the first to ask has it made.
    pub(crate) async fn get(&self, calls: &Calls) -> Result<Arc<Instance<P>>> {
        let outcome = match self.wish(calls) {
            Wish::Granted(outcome) => outcome,
            Wish::Pending(mut building) => {
                match building.wait_for(Option::is_some).await.as_deref() {
                    Ok(Some(outcome)) => outcome.clone(),
                    _ => return Err(Error::unavailable("the plugin is shutting down")),
                }
            }
        };
        outcome.map_err(|error| copy(&error))
    }

    fn wish(&self, calls: &Calls) -> Wish<P> {
        let mut state = self.lock();
        let current = self.0.config.generation();
        match &*state {
            State::Failed(error) => Wish::Granted(Err(error.clone())),
            State::Built(generation, instance) if *generation == current => {
                Wish::Granted(Ok(instance.clone()))
            }
            State::Building(generation, building) if *generation == current => {
                Wish::Pending(building.clone())
            }
            // An older one that is still being made may never be: it is not waited for.
            State::Empty | State::Building(..) | State::Built(..) => {
                let (generation, values) = self.0.config.snapshot();
                let building = self.build(calls, generation, values);
                let replaced =
                    std::mem::replace(&mut *state, State::Building(generation, building.clone()));
                drop(state);
                // Possibly the end of the old instance, whose code must not run under the lock.
                drop(replaced);
                Wish::Pending(building)
            }
        }
    }

    /// Makes an instance, whether or not anybody still waits for it.
    fn build(&self, calls: &Calls, generation: Generation, values: ConfigValues) -> Building<P> {
        let (sender, receiver) = watch::channel(None);
        let (slot, calls) = (self.clone(), calls.clone());
        tokio::spawn(async move {
            let first = slot.take_first();
            let made = async move {
                let made = match first {
                    Some(first) => first.await,
                    None => P::new(P::Config::from_values(&values)?).await,
                };
                made.map_err(Error::into_text)
            };
            let made = calls.run("its constructor", made).await;
            let outcome = match made.and_then(|plugin| plugin) {
                Ok(plugin) => Ok(Arc::new(Instance::new(plugin, calls))),
                Err(error) => Err(Arc::new(error)),
            };
            slot.settle(generation, &outcome);
            sender.send_replace(Some(outcome));
        });
        receiver
    }

    /// Keeps what came of a construction, unless a newer one has begun meanwhile.
    fn settle(&self, generation: Generation, outcome: &Outcome<P>) {
        let mut state = self.lock();
        if !matches!(&*state, State::Building(building, _) if *building == generation) {
            return;
        }
        *state = match outcome {
            Ok(instance) => State::Built(generation, instance.clone()),
            Err(error) if P::Config::KEYS.is_empty() => State::Failed(error.clone()),
            Err(_) => State::Empty,
        };
    }

    fn take_first(&self) -> Option<Pending<'static, Result<P>>> {
        let first = self.0.first.lock();
        first.unwrap_or_else(PoisonError::into_inner).take()
    }

    fn lock(&self) -> MutexGuard<'_, State<P>> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<P: Plugin> Clone for Slot<P> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// One of the errors that the calls that waited for one constructor get.
fn copy(error: &Error) -> Error {
    Error::new(error.code(), error.message())
}

/// Gives each call one of the instance's services.
pub(crate) struct Service<P: Plugin, T> {
    slot: Slot<P>,
    of: fn(&Instance<P>) -> &Arc<T>,
}

impl<P: Plugin> Service<P, P::Registry> {
    pub(crate) fn registry(slot: Slot<P>) -> Self {
        Self {
            slot,
            of: |instance| &instance.registry,
        }
    }
}

impl<P: Plugin> Service<P, P::Events> {
    pub(crate) fn events(slot: Slot<P>) -> Self {
        Self {
            slot,
            of: |instance| &instance.events,
        }
    }
}

impl<P: Plugin, T: Send + Sync + 'static> Source for Service<P, T> {
    type Handler = T;

    async fn get(&self, calls: &Calls) -> Result<Lease<T>> {
        let instance = self.slot.get(calls).await?;
        Ok(Lease::of((self.of)(&instance).clone(), instance))
    }
}
