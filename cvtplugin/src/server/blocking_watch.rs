//! Notices handlers that block their thread.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;

/// An async handler has no business between two awaits for this long.
const BLOCKED: Duration = Duration::from_millis(200);

/// How often to look, while there are tasks. What blocks for less than both may pass unseen.
const INTERVAL: Duration = Duration::from_millis(100);

thread_local! {
    /// A thread runs the tasks of one plugin.
    static THIS_THREAD: OnceCell<Arc<Thread>> = const { OnceCell::new() };
}

/// Warns the author of tasks that block their thread, once for each kind. Cheap to clone.
#[derive(Clone)]
pub(crate) struct BlockingWatch(Arc<Watch>);

struct Watch {
    /// Where to look from: none of its threads is to run a watched task.
    runtime: Handle,
    /// How many tasks there are.
    tasks: AtomicUsize,
    is_looking: AtomicBool,
    threads: Mutex<Vec<Weak<Thread>>>,
    told: Mutex<BTreeSet<&'static str>>,
}

impl BlockingWatch {
    /// Looks at tasks of other runtimes from a task of `runtime`.
    pub(crate) fn from(runtime: Handle) -> Self {
        Self(Arc::new(Watch {
            runtime,
            tasks: AtomicUsize::default(),
            is_looking: AtomicBool::default(),
            threads: Mutex::default(),
            told: Mutex::default(),
        }))
    }

    /// Runs `task`, which is called `what`, under watch.
    pub(crate) async fn over<T>(self, what: &'static str, task: impl Future<Output = T>) -> T {
        let _counted = self.count();
        let mut task = pin!(task);
        poll_fn(|context| {
            THIS_THREAD.with(|thread| {
                let thread = thread.get_or_init(|| self.0.add_thread());
                let _polling = thread.begin(what);
                task.as_mut().poll(context)
            })
        })
        .await
    }

    fn count(&self) -> Counted<'_> {
        self.0.tasks.fetch_add(1, Ordering::SeqCst);
        if !self.0.is_looking.load(Ordering::SeqCst) && self.0.begin_to_look() {
            self.0.runtime.spawn(look(self.0.clone()));
        }
        Counted(&self.0.tasks)
    }
}

/// Looks as long as there are tasks. A task at a time: one for each call would cost as much as
/// the call.
async fn look(watch: Arc<Watch>) {
    loop {
        tokio::time::sleep(INTERVAL).await;
        watch.warn_of_blocked();
        if watch.is_idle() {
            watch.is_looking.store(false, Ordering::SeqCst);
            // A task that came just before that has started nobody else.
            if watch.is_idle() || !watch.begin_to_look() {
                return;
            }
        }
    }
}

impl Watch {
    /// Whether it is the caller who has to look.
    fn begin_to_look(&self) -> bool {
        !self.is_looking.swap(true, Ordering::SeqCst)
    }

    fn is_idle(&self) -> bool {
        self.tasks.load(Ordering::SeqCst) == 0
    }

    fn add_thread(&self) -> Arc<Thread> {
        let thread = Arc::default();
        lock(&self.threads).push(Arc::downgrade(&thread));
        thread
    }

    fn warn_of_blocked(&self) {
        let mut blocked = Vec::new();
        lock(&self.threads).retain(|thread| {
            let Some(thread) = thread.upgrade() else {
                return false;
            };
            blocked.extend(thread.blocked());
            true
        });
        for (what, blocked) in blocked {
            if lock(&self.told).insert(what) {
                tracing::warn!(
                    ?blocked,
                    "{what} blocks a thread of the runtime that other calls need: make its method \
                     a plain `fn`, which may block, or use `tokio::task::spawn_blocking`"
                );
            }
        }
    }
}

/// A task that is there until this is dropped.
struct Counted<'a>(&'a AtomicUsize);

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// What a thread is polling, and since when.
#[derive(Default)]
struct Thread(Mutex<Option<(&'static str, Instant)>>);

impl Thread {
    fn begin(&self, what: &'static str) -> Polling<'_> {
        *lock(&self.0) = Some((what, Instant::now()));
        Polling(self)
    }

    /// What blocks the thread, and for how long already.
    fn blocked(&self) -> Option<(&'static str, Duration)> {
        let (what, since) = (*lock(&self.0))?;
        let elapsed = since.elapsed();
        (elapsed > BLOCKED).then_some((what, elapsed))
    }
}

/// A poll that is under way until this is dropped.
struct Polling<'a>(&'a Thread);

impl Drop for Polling<'_> {
    fn drop(&mut self) {
        *lock(&self.0.0) = None;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_rests_without_tasks_and_looks_again_with_the_next() {
        let watch = BlockingWatch::from(Handle::current());
        assert!(watch.0.begin_to_look());
        look(watch.0.clone()).await;
        assert!(!watch.0.is_looking.load(Ordering::SeqCst));
        let task = watch.count();
        assert!(watch.0.is_looking.load(Ordering::SeqCst));
        drop(task);
        assert!(watch.0.is_idle());
    }
}
