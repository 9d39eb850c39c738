//! How the runtime that runs handlers is built.

use std::io;
use std::num::NonZero;

/// Options of the runtime that runs a plugin's handlers.
///
/// Health checks, shutdown and the rest of the protocol do not depend on them: a handler that
/// blocks its thread delays other handlers at most.
///
/// ```
/// use cvtplugin::RuntimeOptions;
///
/// let runtime = RuntimeOptions::new().worker_threads(4);
/// # let _ = runtime;
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

    /// Sets how many `async fn` handlers can be running at the same moment, not counting those
    /// that are waiting at an `.await`.
    ///
    /// Without it the number follows the machine's cores. A plain `fn` runs on the blocking pool
    /// and does not count.
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

    pub(crate) fn build(&self) -> io::Result<tokio::runtime::Runtime> {
        self.builder().build()
    }

    pub(crate) fn builder(&self) -> tokio::runtime::Builder {
        let cores = || std::thread::available_parallelism().map_or(1, NonZero::get);
        let threads = self.worker_threads.unwrap_or_else(|| cores().max(8));
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        builder
            .worker_threads(threads)
            .thread_name("cvtplugin-handler")
            .enable_all();
        builder
    }
}
