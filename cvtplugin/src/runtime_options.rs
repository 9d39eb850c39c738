//! How the runtime that runs the author's code is made.

use std::io;
use std::num::NonZero;

/// How the runtime that runs the plugin's handlers is made.
///
/// Whatever is chosen, the protocol is served by a thread of its own: a handler that blocks its
/// thread delays other handlers at most.
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
    /// The default options.
    pub fn new() -> Self {
        Self::default()
    }

    /// A thread for each core, and eight at least: the default. More than there are cores, so that
    /// some are left when handlers block theirs.
    pub fn multi_thread() -> Self {
        Self::default()
    }

    /// One thread for all handlers. The cheapest, as long as none of them blocks it.
    pub fn current_thread() -> Self {
        Self::multi_thread().worker_threads(1)
    }

    /// The number of threads.
    ///
    /// # Panics
    ///
    /// If `count` is 0.
    #[must_use]
    pub fn worker_threads(mut self, count: usize) -> Self {
        assert!(count > 0, "a runtime needs a thread");
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
