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
use super::handlers::Handlers;
use super::hooks::Pending;
use super::source::{Lease, Source};
use crate::config::ConfigStore;
use crate::{ConfigValues, Error, PluginConfig as _, Result, Tasks};

/// How long the author's `shutdown` may take.
const SHUTDOWN_BUDGET: Duration = Duration::from_secs(1);

/// A plugin, what serves its services, and its background tasks.
pub(crate) struct Instance<P: Handlers> {
    plugin: Arc<P>,
    registry: Arc<P::Registry>,
    events: Arc<P::Events>,
    tasks: Tasks,
    calls: Calls,
    has_shut_down: AtomicBool,
}

impl<P: Handlers> Instance<P> {
    fn new(plugin: P, tasks: Tasks, calls: Calls) -> Self {
        let plugin = Arc::new(plugin);
        Self {
            registry: Arc::new(plugin.clone().registry()),
            events: Arc::new(plugin.clone().events()),
            plugin,
            tasks,
            calls,
            has_shut_down: AtomicBool::new(false),
        }
    }

    pub(crate) fn plugin(&self) -> Arc<P> {
        self.plugin.clone()
    }

    /// Stops the background tasks, and then runs the author's `shutdown`, the first time this is
    /// called.
    pub(crate) fn shut_down(&self) -> impl Future<Output = ()> + Send + 'static {
        let first = !self.has_shut_down.swap(true, Ordering::Relaxed);
        let (plugin, tasks) = (self.plugin(), self.tasks.clone());
        let calls = self.calls.clone();
        async move {
            if first {
                // A panic there is in the log, and nothing is left to be done about it.
                let shutdown = async move {
                    tasks.stop().await;
                    plugin.shutdown().await;
                };
                let shutdown = calls.run_aside("shutdown", shutdown);
                if timeout(SHUTDOWN_BUDGET, shutdown).await.is_err() {
                    tracing::warn!("giving up on `shutdown`, which takes over {SHUTDOWN_BUDGET:?}");
                }
            }
        }
    }
}

/// An instance that a change of the config has replaced shuts down after its last call.
impl<P: Handlers> Drop for Instance<P> {
    fn drop(&mut self) {
        if !*self.has_shut_down.get_mut() {
            self.calls.run_to_the_end(self.shut_down());
        }
    }
}

/// The one place of a plugin's instance. Cheap to clone.
pub(crate) struct Slot<P: Handlers>(Arc<Inner<P>>);

/// Builds an instance.
pub(crate) type Constructor<P> =
    Box<dyn Fn(ConfigValues, Tasks) -> Pending<'static, Result<P>> + Send + Sync>;

struct Inner<P: Handlers> {
    config: ConfigStore,
    defaults: Defaults,
    construct: Constructor<P>,
    state: Mutex<State<P>>,
}

/// Which config something was made of: it counts the changes.
type Generation = u64;

/// What all who wait for one construction get.
type Outcome<P> = Result<Arc<Instance<P>>, Arc<Error>>;

/// Gets the outcome of a construction.
type Building<P> = watch::Receiver<Option<Outcome<P>>>;

enum State<P: Handlers> {
    Empty,
    Building(Generation, Building<P>),
    Built(Generation, Arc<Instance<P>>),
    /// For good: a plugin without config was not made.
    Failed(Arc<Error>),
}

/// What becomes of one call's wish for an instance.
enum Wish<P: Handlers> {
    Granted(Outcome<P>),
    Pending(Building<P>),
}

impl<P: Handlers> Slot<P> {
    /// For a plugin whose instances are built by `construct`.
    pub(crate) fn new(construct: Constructor<P>) -> Self {
        Self(Arc::new(Inner {
            config: ConfigStore::new(P::Config::KEYS),
            defaults: Defaults::of(P::Config::KEYS),
            construct,
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
            let tasks = calls.tasks();
            let (of, its_tasks) = (slot.clone(), tasks.clone());
            let made = async move {
                let made = (of.0.construct)(values, its_tasks).await;
                made.map_err(Error::into_text)
            };
            let made = calls.run("its constructor", made).await;
            let outcome = match made.and_then(|plugin| plugin) {
                Ok(plugin) => Ok(Arc::new(Instance::new(plugin, tasks, calls))),
                Err(error) => {
                    calls.run_to_the_end(async move { tasks.stop().await });
                    Err(Arc::new(error))
                }
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

    fn lock(&self) -> MutexGuard<'_, State<P>> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<P: Handlers> Clone for Slot<P> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// One of the errors that the calls that waited for one constructor get.
fn copy(error: &Error) -> Error {
    Error::new(error.code(), error.message())
}

/// Gives each call one of the instance's services.
pub(crate) struct Service<P: Handlers, T> {
    slot: Slot<P>,
    of: fn(&Instance<P>) -> &Arc<T>,
}

impl<P: Handlers> Service<P, P::Registry> {
    pub(crate) fn registry(slot: Slot<P>) -> Self {
        Self {
            slot,
            of: |instance| &instance.registry,
        }
    }
}

impl<P: Handlers> Service<P, P::Events> {
    pub(crate) fn events(slot: Slot<P>) -> Self {
        Self {
            slot,
            of: |instance| &instance.events,
        }
    }
}

impl<P: Handlers, T: Send + Sync + 'static> Source for Service<P, T> {
    type Handler = T;

    async fn get(&self, calls: &Calls) -> Result<Lease<T>> {
        let instance = self.slot.get(calls).await?;
        Ok(Lease::of((self.of)(&instance).clone(), instance))
    }
}
