//! The two runtimes of a plugin and the threads that drive them.

use std::any::Any;
use std::fmt;
use std::io;
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak, mpsc};
use std::thread;
use std::time::Duration;

use tokio::runtime::{self, Handle, Runtime};

use super::leader::{self, Turns};
use super::poller::Poller;
use super::queue::Queue;
use super::supervisor::{self, Wakeup};
use super::task::Scheduler;
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
}

impl Shared {
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

/// How long the author's runtime may take to start. It takes less than a millisecond, or for ever:
/// a multi-thread runtime that gets one of its threads and not the next panics, and before that is
/// caught it waits for the end of the one that it got. So it is built on the leader's thread, which
/// may be left behind.
const START_TIMEOUT: Duration = Duration::from_secs(1);

/// Runs a plugin: the protocol, the author's runtime, and handlers between the two.
pub(crate) struct Engine {
    shared: Arc<Shared>,
    author: Runtime,
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
    pub(crate) fn start(options: &RuntimeOptions, hook: ThreadHook) -> Result<Self, EngineError> {
        let protocol = build(runtime::Builder::new_current_thread().enable_all())?;
        let (built, author) = mpsc::sync_channel(1);
        let (lead, shared) = mpsc::sync_channel::<Arc<Shared>>(1);
        let (builder, author_hook) = (options.builder(), hook.clone());
        thread::Builder::new()
            .name("cvtplugin-leader".into())
            .spawn(move || {
                let _ = built.send(author_runtime(builder, author_hook));
                if let Ok(shared) = shared.recv() {
                    let _hook = shared.hook.enter();
                    leader::lead(&shared);
                }
            })
            .map_err(EngineError::Thread)?;
        let author = author.recv_timeout(START_TIMEOUT);
        let author = author.unwrap_or(Err(EngineError::TooFewThreads))?;
        let cores = || thread::available_parallelism().map_or(1, NonZero::get);
        let shared = Arc::new(Shared {
            protocol,
            author: author.handle().clone(),
            queue: Arc::new(Queue::new(options.workers().unwrap_or_else(cores))),
            turns: Turns::default(),
            supervisor: Wakeup::default(),
            hook,
            pollers: Mutex::default(),
        });
        // Its receiver waits for this, and for nothing else.
        let _ = lead.send(shared.clone());
        Ok(Self { shared, author })
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

/// The runtime of what the author spawns, and of the timers and connections of their handlers.
fn author_runtime(mut builder: runtime::Builder, hook: ThreadHook) -> Result<Runtime, EngineError> {
    thread_local! {
        static HOOK: std::cell::RefCell<Option<Box<dyn Any>>> = const { std::cell::RefCell::new(None) };
    }
    builder
        .on_thread_start(move || HOOK.set(hook.enter()))
        .on_thread_stop(|| drop(HOOK.take()));
    build(&mut builder)
}

/// Builds a runtime, which panics where there are too few threads or descriptors.
fn build(builder: &mut runtime::Builder) -> Result<Runtime, EngineError> {
    match catch_unwind(AssertUnwindSafe(|| builder.build())) {
        Ok(runtime) => runtime.map_err(EngineError::Runtime),
        Err(payload) => {
            let message = payload
                .downcast::<String>()
                .map_or_else(|_| "it panicked".to_owned(), |message| *message);
            Err(EngineError::Panicked(message))
        }
    }
}
