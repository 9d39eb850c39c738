//! How many threads run a plugin's handlers and tasks.

use tokio::runtime::Builder;

/// Threads of the author's runtime. Two, so that one that is stuck in a task leaves one that looks
/// after timers and connections; no more, since idle threads cost memory whatever the machine.
const RUNTIME_THREADS: usize = 2;

/// How many threads run a plugin's handlers and tasks.
///
/// Whatever is chosen, a handler that blocks its thread delays neither the protocol nor other
/// handlers: it does not count as running.
///
/// ```
/// use cvtplugin::RuntimeOptions;
///
/// let options = RuntimeOptions::new().worker_threads(4);
/// # let _ = options;
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuntimeOptions {
    worker_threads: Option<usize>,
}

impl RuntimeOptions {
    /// Creates the default options.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how many CPU-bound handlers run at once, and how many threads run the tasks that the
    /// plugin spawns. The default is as many handlers as there are cores, and two threads for
    /// tasks. A plain `fn` runs on the blocking pool and does not count.
    ///
    /// # Panics
    ///
    /// If `count` is 0.
    #[must_use]
    pub fn worker_threads(mut self, count: usize) -> Self {
        assert!(count > 0, "invalid worker_threads 0: expected at least 1");
        self.worker_threads = Some(count);
        self
    }

    /// How many CPU-bound handlers run at once, if it was set.
    pub(crate) fn workers(&self) -> Option<usize> {
        self.worker_threads
    }

    /// Makes the runtime that the plugin's own code uses.
    pub(crate) fn builder(&self) -> Builder {
        let mut builder = Builder::new_multi_thread();
        builder
            .worker_threads(self.worker_threads.unwrap_or(RUNTIME_THREADS))
            .thread_name("cvtplugin-runtime")
            .enable_all();
        builder
    }
}
