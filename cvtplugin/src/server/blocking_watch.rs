//! Notices handlers that block their thread.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

/// An async handler has no business between two awaits for this long.
const BLOCKED: Duration = Duration::from_millis(200);

/// Whether somebody has been told: once is enough. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Told(Arc<AtomicBool>);

/// A task that warns when it has blocked its thread.
pub(crate) struct BlockingWatch<F> {
    what: &'static str,
    told: Told,
    task: Pin<Box<F>>,
}

impl<F: Future> BlockingWatch<F> {
    /// Watches `task`; `what` names it to the author.
    pub(crate) fn new(what: &'static str, told: Told, task: F) -> Self {
        Self {
            what,
            told,
            task: Box::pin(task),
        }
    }
}

impl<F: Future> Future for BlockingWatch<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let start = Instant::now();
        let polled = self.task.as_mut().poll(context);
        let blocked = start.elapsed();
        if blocked > BLOCKED && !self.told.0.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                ?blocked,
                "{} blocks a thread of the runtime that other calls need: make its method a \
                 plain `fn`, which may block, or use `tokio::task::spawn_blocking`",
                self.what
            );
        }
        polled
    }
}
