//! The two runtimes of a plugin and the threads that drive them.

use std::any::Any;
use std::fmt;
use std::io;
use std::num::NonZero;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak, mpsc};
use std::thread;

use tokio::runtime::{Handle, Runtime};

use super::leader::Turns;
use super::poller::Poller;
use super::queue::Queue;
#[cfg(any(feature = "testing", cvtplugin_fuzzing))]
use super::starting::StartingEngine;
use super::supervisor::{self, Wakeup};
use super::task::Scheduler;
#[cfg(any(feature = "testing", cvtplugin_fuzzing))]
use crate::RuntimeOptions;

/// What runs on each thread that polls handlers or the author's tasks, as long as it lives.
#[derive(Clone, Default)]
pub(crate) struct ThreadHook(Option<Arc<dyn Fn() -> Box<dyn Any> + Send + Sync>>);

impl ThreadHook {
    /// Runs `enter` when a thread begins, and drops what it returns when the thread ends.
    #[cfg(feature = "testing")]
    pub(crate) fn new<T: 'static>(enter: impl Fn() -> T + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(move || Box::new(enter()))))
    }

    pub(super) fn enter(&self) -> Option<Box<dyn Any>> {
        self.0.as_ref().map(|enter| enter())
    }
}

/// What all threads share.
pub(super) struct Shared {
    pub(super) protocol: Runtime,
    pub(super) author: Handle,
    pub(super) queue: Arc<Queue>,
    pub(super) turns: Turns,
    pub(super) supervisor: Wakeup,
    pub(super) hook: ThreadHook,
    pollers: Mutex<Vec<Weak<Poller>>>,
    cpu_limit: OnceLock<usize>,
}

impl Shared {
    /// `cpu_limit` says how many handlers may use the CPU at once: as many as there are cores for
    /// `None`.
    pub(super) fn new(
        protocol: Runtime,
        author: Handle,
        cpu_limit: Option<usize>,
        hook: ThreadHook,
    ) -> Self {
        Self {
            protocol,
            author,
            queue: Arc::default(),
            turns: Turns::default(),
            supervisor: Wakeup::default(),
            hook,
            pollers: Mutex::default(),
            cpu_limit: cpu_limit.map_or_else(OnceLock::new, OnceLock::from),
        }
    }

    /// How many handlers may use the CPU at once. Counting cores reads files of the control group,
    /// which the start can do without.
    pub(super) fn cpu_limit(&self) -> usize {
        let cores = || thread::available_parallelism().map_or(1, NonZero::get);
        *self.cpu_limit.get_or_init(cores)
    }

    /// Adds the thread that asks.
    pub(super) fn add_poller(&self) -> Arc<Poller> {
        let poller = Arc::new(Poller::new());
        let mut pollers = self.pollers.lock().unwrap_or_else(PoisonError::into_inner);
        pollers.retain(|poller| poller.strong_count() > 0);
        pollers.push(Arc::downgrade(&poller));
        poller
    }

    pub(super) fn pollers(&self) -> Vec<Arc<Poller>> {
        let pollers = self.pollers.lock().unwrap_or_else(PoisonError::into_inner);
        pollers.iter().filter_map(Weak::upgrade).collect()
    }
}

/// Runs a plugin: the protocol, the author's runtime, and handlers between the two.
pub(crate) struct Engine {
    pub(super) shared: Arc<Shared>,
    pub(super) author: Runtime,
}

/// Why an [`Engine`] cannot start.
#[derive(Debug)]
pub(crate) enum EngineError {
    Runtime(io::Error),
    Thread(io::Error),
    /// A runtime panicked.
    Panicked(String),
    /// A runtime got some of its threads, and hangs.
    TooFewThreads,
    /// The session panicked.
    Lost,
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Runtime(error) => write!(f, "cannot start a Tokio runtime: {error}"),
            Self::Thread(error) => write!(f, "cannot start a thread: {error}"),
            Self::Panicked(message) => write!(f, "cannot start a Tokio runtime: {message}"),
            Self::TooFewThreads => f.write_str(
                "cannot start a Tokio runtime: too few threads: raise the limit of processes \
                 (ulimit -u, or pids.max of the cgroup)",
            ),
            Self::Lost => write!(f, "bug in cvtplugin: the session panicked"),
        }
    }
}

impl std::error::Error for EngineError {}

impl Engine {
    /// Makes all that a plugin needs for its whole life: nothing that must exist is made later.
    #[cfg(any(feature = "testing", cvtplugin_fuzzing))]
    pub(crate) fn start(options: &RuntimeOptions, hook: ThreadHook) -> Result<Self, EngineError> {
        StartingEngine::begin(options, hook, || {})?.finish()
    }

    /// The runtime of the connections.
    pub(crate) fn protocol(&self) -> &Handle {
        self.shared.protocol.handle()
    }

    /// The runtime of what the author spawns.
    pub(crate) fn author(&self) -> &Handle {
        &self.shared.author
    }

    /// Takes handlers.
    pub(crate) fn scheduler(&self) -> Scheduler {
        Scheduler {
            queue: self.shared.queue.clone(),
            author: self.shared.author.clone(),
            hook: self.shared.hook.clone(),
        }
    }

    /// Runs `session` in the protocol, and supervises on this thread until it has ended.
    pub(crate) fn run<T: Send + 'static>(
        &self,
        session: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, EngineError> {
        let (sender, receiver) = mpsc::sync_channel(1);
        let end = End(Arc::new(AtomicBool::new(false)), self.shared.clone());
        let has_ended = end.0.clone();
        self.protocol().spawn(async move {
            let _end = end;
            let _ = sender.send(session.await);
        });
        supervisor::supervise(&self.shared, || has_ended.load(Ordering::SeqCst));
        receiver.try_recv().map_err(|_| EngineError::Lost)
    }

    /// Ends all threads that are not stuck. Drops what handlers have left, which is the author's
    /// code and may block.
    pub(crate) fn end(self) {
        let left = self.shared.queue.finish();
        self.author.shutdown_background();
        drop(left);
    }
}

/// Tells the supervisor of the session's end when it is dropped.
struct End(Arc<AtomicBool>, Arc<Shared>);

impl Drop for End {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
        self.1.supervisor.end();
        self.1.queue.wake_driver();
    }
}
