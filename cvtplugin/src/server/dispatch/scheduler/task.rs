//! Handlers as tasks.

use std::cell::Cell;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::thread;

use async_task::{Builder, FallibleTask};
use futures_util::FutureExt as _;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use super::queue::Queue;
use super::thread_hook::ThreadHook;

/// Takes handlers. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Scheduler {
    pub(super) queue: Arc<Queue>,
    pub(super) author: Handle,
    pub(super) hook: ThreadHook,
}

impl Scheduler {
    /// The author's runtime.
    pub(crate) fn runtime(&self) -> &Handle {
        &self.author
    }

    /// Queues `handler`, which is called `name` in warnings. It is polled, and dropped, where
    /// handlers are, and in the order of their arrival.
    pub(crate) fn spawn<T: Send + 'static>(
        &self,
        name: &'static str,
        handler: impl Future<Output = T> + Send + 'static,
    ) -> HandlerTask<T> {
        let counted = Counted::new(self.queue.clone());
        let handler = async move {
            let _counted = counted;
            let outcome = AssertUnwindSafe(handler).catch_unwind().await;
            outcome.map_err(|_| Failure::Panicked)
        };
        let queue = self.queue.clone();
        let (handler, task) = Builder::new()
            .metadata(name)
            .spawn(|_| handler, move |handler| queue.push(handler));
        handler.schedule();
        HandlerTask(task.fallible())
    }

    /// Runs `task` on a thread of its own, which it may block. Where there are too few threads, it
    /// is queued like a handler.
    pub(crate) async fn run_aside(
        &self,
        name: &'static str,
        task: impl Future<Output = ()> + Send + 'static,
    ) {
        let task = Arc::new(Mutex::new(Some(task)));
        let take = {
            let task = task.clone();
            move || task.lock().unwrap_or_else(PoisonError::into_inner).take()
        };
        let (author, hook) = (self.author.clone(), self.hook.clone());
        let (end, ended) = oneshot::channel::<()>();
        let spawned = thread::Builder::new()
            .name("cvtplugin-aside".into())
            .spawn(move || {
                let _hook = hook.enter();
                OWNS_THREAD.set(true);
                if let Some(task) = take() {
                    // The panic hook has recorded it.
                    drop(catch_unwind(AssertUnwindSafe(|| author.block_on(task))));
                }
                drop(end);
            });
        if spawned.is_ok() {
            // Never sent, but dropped.
            let _ = ended.await;
            return;
        }
        let task = task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task {
            let _ = self.spawn(name, task).await;
        }
    }
}

thread_local! {
    static OWNS_THREAD: Cell<bool> = const { Cell::new(false) };
}

/// Whether what runs here has the thread to itself, and may block it.
pub(crate) fn owns_thread() -> bool {
    OWNS_THREAD.get()
}

/// Why a handler has no outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    Panicked,
    /// The scheduler has ended.
    Dropped,
}

/// Waits for the outcome of a handler. Dropping it stops the handler at its next await.
#[must_use = "dropping it stops the handler"]
pub(crate) struct HandlerTask<T>(FallibleTask<Result<T, Failure>, &'static str>);

impl<T> HandlerTask<T> {
    /// Lets the handler run whether or not anybody waits for it.
    pub(crate) fn detach(self) {
        self.0.detach();
    }
}

impl<T> Future for HandlerTask<T> {
    type Output = Result<T, Failure>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let outcome = ready!(Pin::new(&mut self.0).poll(context));
        Poll::Ready(outcome.unwrap_or(Err(Failure::Dropped)))
    }
}

/// A live handler, until this is dropped.
struct Counted(Arc<Queue>);

impl Counted {
    fn new(queue: Arc<Queue>) -> Self {
        queue.live.0.fetch_add(1, Ordering::Relaxed);
        Self(queue)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.live.0.fetch_sub(1, Ordering::Relaxed);
    }
}
