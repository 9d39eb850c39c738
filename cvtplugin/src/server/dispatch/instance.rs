//! The plugin's instance: made from its config, in a task of its own, and kept until the config
//! changes.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::watch;
use tokio::time::timeout;

use super::defaults::Defaults;
use super::dispatcher::Dispatcher;
use super::handler_provider::{HandlerGuard, HandlerProvider};
use super::handlers::{Handlers, Pending};
use crate::config::ConfigStore;
use crate::{ConfigValues, Error, Result, Tasks};

/// How long the plugin's `shutdown` may take.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(1);

/// A plugin, what serves its services, and its background tasks.
pub(crate) struct Instance<P: Handlers> {
    plugin: Arc<P>,
    registry: Arc<P::Registry>,
    events: Arc<P::Events>,
    tasks: Tasks,
    dispatcher: Dispatcher,
    has_shut_down: AtomicBool,
}

impl<P: Handlers> Instance<P> {
    fn new(plugin: P, tasks: Tasks, dispatcher: Dispatcher) -> Self {
        let plugin = Arc::new(plugin);
        Self {
            registry: Arc::new(plugin.clone().registry()),
            events: Arc::new(plugin.clone().events()),
            plugin,
            tasks,
            dispatcher,
            has_shut_down: AtomicBool::new(false),
        }
    }

    pub(crate) fn plugin(&self) -> Arc<P> {
        self.plugin.clone()
    }

    /// Stops the background tasks, then runs the plugin's `shutdown`, the first time this is called.
    pub(crate) fn shut_down(&self) -> impl Future<Output = ()> + Send + 'static {
        let first = !self.has_shut_down.swap(true, Ordering::Relaxed);
        let (plugin, dispatcher) = (self.plugin(), self.dispatcher.clone());
        let tasks = self.tasks.clone();
        async move {
            if first {
                // A panic there is in the log, and nothing is left to be done about it.
                let shutdown = async move {
                    tasks.stop().await;
                    plugin.shutdown().await;
                };
                let shutdown = dispatcher.run_aside("shutdown", shutdown);
                if timeout(SHUTDOWN_TIMEOUT, shutdown).await.is_err() {
                    tracing::warn!("`shutdown` has not finished within {SHUTDOWN_TIMEOUT:?}");
                }
            }
        }
    }
}

/// An instance that a change of the config has replaced shuts down after its last call.
impl<P: Handlers> Drop for Instance<P> {
    fn drop(&mut self) {
        if !*self.has_shut_down.get_mut() {
            // The last of these may run the author's `Drop`, which belongs there too.
            let parts = (self.registry.clone(), self.events.clone());
            let shut_down = self.shut_down();
            self.dispatcher.run_to_the_end("shutdown", async move {
                shut_down.await;
                drop(parts);
            });
        }
    }
}

/// Makes an instance.
pub(crate) type Constructor<P> =
    Arc<dyn Fn(ConfigValues, Tasks) -> Pending<'static, Result<P>> + Send + Sync>;

/// Holds the plugin's current instance. Cheap to clone.
pub(crate) struct InstanceCell<P: Handlers>(Arc<Inner<P>>);

struct Inner<P: Handlers> {
    dispatcher: Dispatcher,
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
type Construction<P> = watch::Receiver<Option<Outcome<P>>>;

enum State<P: Handlers> {
    Empty,
    Building(Generation, Construction<P>),
    Built(Generation, Arc<Instance<P>>),
    /// For good: a plugin without config was not made.
    Failed(Arc<Error>),
}

/// What a call finds when it looks for the instance.
enum Lookup<P: Handlers> {
    Ready(Outcome<P>),
    Pending(Construction<P>),
}

impl<P: Handlers> InstanceCell<P> {
    pub(super) fn new(dispatcher: Dispatcher, construct: Constructor<P>) -> Self {
        Self(Arc::new(Inner {
            config: ConfigStore::new(P::KEYS),
            defaults: Defaults::of(P::KEYS, dispatcher.clone()),
            dispatcher,
            construct,
            state: Mutex::new(State::Empty),
        }))
    }

    pub(crate) fn dispatcher(&self) -> &Dispatcher {
        &self.0.dispatcher
    }

    /// Takes one key of the config. To be called where handlers run: its parser is the plugin's.
    pub(crate) fn set_config(&self, key: String, value: SecretString) -> Result<()> {
        let redactor = self.dispatcher().redactor();
        redactor.hide_if_secret(P::KEYS, &key, &value);
        self.0.config.set(key, value).map(drop)
    }

    /// The instance, if there is one.
    pub(crate) fn existing(&self) -> Option<Arc<Instance<P>>> {
        match &*self.lock() {
            State::Built(_, instance) => Some(instance.clone()),
            _ => None,
        }
    }

    /// Fails if a default of the config is invalid.
    pub(crate) async fn check_defaults(&self) -> Result<()> {
        self.0.defaults.check().await
    }

    /// Waits for the instance of the current config; the first to ask has it made.
    pub(crate) async fn get(&self) -> Result<Arc<Instance<P>>> {
        let outcome = match self.look_up() {
            Lookup::Ready(outcome) => outcome,
            Lookup::Pending(mut construction) => {
                match construction.wait_for(Option::is_some).await.as_deref() {
                    Ok(Some(outcome)) => outcome.clone(),
                    _ => return Err(Error::unavailable("the plugin is shutting down")),
                }
            }
        };
        outcome.map_err(|error| copy(&error))
    }

    fn look_up(&self) -> Lookup<P> {
        let mut state = self.lock();
        let current = self.0.config.generation();
        match &*state {
            State::Failed(error) => Lookup::Ready(Err(error.clone())),
            State::Built(generation, instance) if *generation == current => {
                Lookup::Ready(Ok(instance.clone()))
            }
            State::Building(generation, construction) if *generation == current => {
                Lookup::Pending(construction.clone())
            }
            // An older one that is still being made may never be: it is not waited for.
            State::Empty | State::Building(..) | State::Built(..) => {
                let (generation, values) = self.0.config.snapshot();
                let construction = self.build(generation, values);
                let building = State::Building(generation, construction.clone());
                let replaced = std::mem::replace(&mut *state, building);
                drop(state);
                // Possibly the end of the old instance, which is the plugin's own code.
                self.dispatcher().drop_aside(replaced);
                Lookup::Pending(construction)
            }
        }
    }

    /// Makes an instance, whether or not anybody still waits for it.
    fn build(&self, generation: Generation, values: ConfigValues) -> Construction<P> {
        let (sender, receiver) = watch::channel(None);
        let cell = self.clone();
        tokio::spawn(async move {
            let dispatcher = cell.dispatcher().clone();
            let (construct, redactor) = (cell.0.construct.clone(), dispatcher.redactor().clone());
            let tasks = dispatcher.tasks();
            let its_tasks = tasks.clone();
            let plugin = async move {
                let plugin = construct(values, its_tasks).await;
                plugin.map_err(|error| redactor.redact_error(&error.into_text()))
            };
            let plugin = dispatcher.run("its constructor", plugin).await;
            let outcome = match plugin.and_then(|plugin| plugin) {
                Ok(plugin) => Ok(Arc::new(Instance::new(plugin, tasks, dispatcher))),
                Err(error) => {
                    dispatcher.run_to_the_end("tasks", async move { tasks.stop().await });
                    Err(Arc::new(error))
                }
            };
            cell.finish(generation, &outcome);
            sender.send_replace(Some(outcome));
        });
        receiver
    }

    /// Keeps what came of a construction, unless a newer one has begun meanwhile.
    fn finish(&self, generation: Generation, outcome: &Outcome<P>) {
        let mut state = self.lock();
        if !matches!(&*state, State::Building(building, _) if *building == generation) {
            return;
        }
        *state = match outcome {
            Ok(instance) => State::Built(generation, instance.clone()),
            Err(error) if P::KEYS.is_empty() => State::Failed(error.clone()),
            Err(_) => State::Empty,
        };
    }

    fn lock(&self) -> MutexGuard<'_, State<P>> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<P: Handlers> Clone for InstanceCell<P> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// One of the errors that the calls that waited for one constructor get.
fn copy(error: &Error) -> Error {
    Error::new(error.code(), error.message())
}

/// Provides each call with one of the instance's services.
pub(crate) struct InstanceProvider<P: Handlers, T> {
    cell: InstanceCell<P>,
    of: fn(&Instance<P>) -> &Arc<T>,
}

impl<P: Handlers> InstanceProvider<P, P::Registry> {
    pub(crate) fn registry(cell: InstanceCell<P>) -> Self {
        Self {
            cell,
            of: |instance| &instance.registry,
        }
    }
}

impl<P: Handlers> InstanceProvider<P, P::Events> {
    pub(crate) fn events(cell: InstanceCell<P>) -> Self {
        Self {
            cell,
            of: |instance| &instance.events,
        }
    }
}

impl<P: Handlers, T> Clone for InstanceProvider<P, T> {
    fn clone(&self) -> Self {
        Self {
            cell: self.cell.clone(),
            of: self.of,
        }
    }
}

impl<P: Handlers, T: Send + Sync + 'static> HandlerProvider for InstanceProvider<P, T> {
    type Handler = T;

    async fn get(&self) -> Result<HandlerGuard<T>> {
        let instance = self.cell.get().await?;
        Ok(HandlerGuard::of((self.of)(&instance).clone(), instance))
    }
}
