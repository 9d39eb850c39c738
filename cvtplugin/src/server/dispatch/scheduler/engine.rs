//! The two runtimes of a plugin and the threads that drive them.

use std::fmt;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};

use tokio::runtime::{Handle, Runtime};

use super::shared::Shared;
use super::supervisor;
use super::task::Scheduler;

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
