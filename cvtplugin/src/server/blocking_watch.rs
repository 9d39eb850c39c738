//! Notices handlers that block their thread.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

/// An async handler has no business between two awaits for this long.
const BLOCKED: Duration = Duration::from_millis(200);

/// Warns the author, once for each kind of task. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct BlockingWarning(Arc<Mutex<BTreeSet<&'static str>>>);

impl BlockingWarning {
    /// Makes a watched task of `task`, which is called `what`, and something that watches it.
    pub(crate) fn watch<F: Future>(&self, what: &'static str, task: F) -> (Watched<F>, Watch) {
        let watch = Watch {
            what,
            warning: self.clone(),
            polls: Arc::new(Polls {
                epoch: Instant::now(),
                begun: AtomicU64::new(NONE),
            }),
        };
        let watched = Watched {
            watch: watch.clone(),
            task: Box::pin(task),
        };
        (watched, watch)
    }

    fn warn(&self, what: &'static str, blocked: Duration) {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_news = told.insert(what);
        drop(told);
        if is_news {
            tracing::warn!(
                ?blocked,
                "{what} blocks a thread of the runtime that other calls need: make its method a \
                 plain `fn`, which may block, or use `tokio::task::spawn_blocking`"
            );
        }
    }
}

/// No poll is under way.
const NONE: u64 = u64::MAX;

/// When a task was begun to be polled.
struct Polls {
    epoch: Instant,
    /// In nanoseconds since the epoch.
    begun: AtomicU64,
}

impl Polls {
    fn begin(&self) {
        let now = u64::try_from(self.epoch.elapsed().as_nanos()).unwrap_or(NONE);
        self.begun.store(now, Ordering::Relaxed);
    }

    /// For how long the poll has been under way that is, if any.
    fn elapsed(&self) -> Duration {
        match self.begun.load(Ordering::Relaxed) {
            NONE => Duration::ZERO,
            begun => {
                let begun = Duration::from_nanos(begun);
                self.epoch.elapsed().saturating_sub(begun)
            }
        }
    }

    fn end(&self) -> Duration {
        let elapsed = self.elapsed();
        self.begun.store(NONE, Ordering::Relaxed);
        elapsed
    }
}

/// Watches a task from another thread.
#[derive(Clone)]
pub(crate) struct Watch {
    what: &'static str,
    warning: BlockingWarning,
    polls: Arc<Polls>,
}

impl Watch {
    /// Waits for `task`, the watched one, and warns if it is blocking its thread meanwhile: a task
    /// that blocks for ever never gets to say so itself.
    pub(crate) async fn over<T>(&self, task: impl Future<Output = T>) -> T {
        let mut task = std::pin::pin!(task);
        let mut patience = BLOCKED;
        loop {
            if let Ok(output) = tokio::time::timeout(patience, &mut task).await {
                return output;
            }
            self.check(self.polls.elapsed());
            // A long call that waits as it should is not to cost much.
            patience *= 2;
        }
    }

    fn check(&self, blocked: Duration) {
        if blocked > BLOCKED {
            self.warning.warn(self.what, blocked);
        }
    }
}

/// A task that is watched.
pub(crate) struct Watched<F> {
    watch: Watch,
    task: Pin<Box<F>>,
}

impl<F: Future> Future for Watched<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        self.watch.polls.begin();
        let polled = self.task.as_mut().poll(context);
        self.watch.check(self.watch.polls.end());
        polled
    }
}
