//! Background tasks of a plugin.

use std::fmt;
use std::future::Future;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{Instrument as _, Span};

use crate::error::{BoxError, Error};

/// How long tasks may take to finish once they have been told to stop.
const STOP_TIMEOUT: Duration = Duration::from_millis(300);

/// How long aborted tasks may take to be dropped. Those that block their thread are left behind.
const ABORT_TIMEOUT: Duration = Duration::from_millis(50);

/// Background tasks that live as long as the plugin's instance.
///
/// `new` receives it, and may keep a clone for handlers to spawn from. When the instance ends (the
/// plugin shuts down, or a changed config replaces it) its tasks are told to
/// [stop](Self::stopping) after its last call. Those that are still running 300 ms later are
/// aborted, and then the plugin's `shutdown` runs. If `new` fails, what it has spawned ends the
/// same way.
///
/// A task that panics or returns an error leaves one error record in the log, with its name in the
/// field `task`; it is not restarted, and the plugin goes on without it.
///
/// ```
/// use std::time::Duration;
/// use cvtplugin::prelude::*;
///
/// #[derive(PluginConfig)]
/// struct ShelfConfig {
///     /// How often to look for new schemas.
///     #[config(default = "30s")]
///     interval: Duration,
/// }
///
/// struct Shelf;
///
/// #[cvt_plugin(name = "shelf", version = "0.1.0", opt_out(register_consumer_usage))]
/// impl Shelf {
///     async fn new(config: ShelfConfig, tasks: Tasks) -> Result<Self> {
///         let stopping = tasks.stopping();
///         tasks.spawn("poller", async move {
///             tokio::pin!(stopping);
///             loop {
///                 tokio::select! {
///                     () = tokio::time::sleep(config.interval) => tracing::debug!("polling"),
///                     () = &mut stopping => return,
///                 }
///             }
///         });
///         Ok(Self)
///     }
///
///     async fn fetch_schema(&self, request: FetchSchemaRequest) -> Result<FetchSchemaResponse> {
///         Err(Error::not_found(format!("no schema {}", request.schema_id)))
///     }
/// }
/// ```
///
/// Cheap to clone.
#[derive(Clone)]
pub struct Tasks {
    runtime: Handle,
    running: TaskTracker,
    stopping: CancellationToken,
    aborted: CancellationToken,
}

impl Tasks {
    /// Creates an empty set of tasks on the current Tokio runtime, for a test that calls `new`
    /// directly. Nobody stops them: they end with the runtime.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime.
    pub fn new() -> Self {
        Self::on(Handle::current())
    }

    /// Tasks that will run on `runtime`.
    pub(crate) fn on(runtime: Handle) -> Self {
        Self {
            runtime,
            running: TaskTracker::new(),
            stopping: CancellationToken::new(),
            aborted: CancellationToken::new(),
        }
    }

    /// Spawns a task. `name` says which it is in the log.
    ///
    /// The future returns `()`, a `Result` with any error that converts into a [`BoxError`], or
    /// never. It is dropped at its next `.await` if it does not stop in time.
    ///
    /// ```
    /// use cvtplugin::{BoxError, Tasks};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let tasks = Tasks::new();
    /// tasks.spawn("warm-up", async {
    ///     let index = tokio::task::spawn_blocking(|| std::fs::read("index")).await??;
    ///     println!("{} bytes", index.len());
    ///     Ok::<_, BoxError>(())
    /// });
    /// # }
    /// ```
    pub fn spawn<F>(&self, name: &'static str, future: F)
    where
        F: Future<Output: TaskOutput> + Send + 'static,
    {
        if self.aborted.is_cancelled() {
            return;
        }
        let aborted = self.aborted.clone();
        let task = async move {
            if let Some(output) = aborted.run_until_cancelled_owned(future).await {
                report(output);
            } else {
                tracing::warn!("aborted: it did not stop within {STOP_TIMEOUT:?}");
            }
        };
        self.running
            .spawn_on(task.instrument(span(name)), &self.runtime);
    }

    /// Runs a function that blocks its thread as a task, on a thread for such work. `name` says
    /// which it is in the log.
    ///
    /// It cannot be aborted, so a long one should check [`is_stopping`](Self::is_stopping) between
    /// steps: the process does not wait for it.
    ///
    /// ```
    /// use cvtplugin::Tasks;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let tasks = Tasks::new();
    /// let own = tasks.clone();
    /// tasks.spawn_blocking("index", move || {
    ///     for number in 0..1000 {
    ///         if own.is_stopping() {
    ///             return;
    ///         }
    ///         println!("indexing schema {number}");
    ///     }
    /// });
    /// # }
    /// ```
    pub fn spawn_blocking<F, T>(&self, name: &'static str, function: F)
    where
        F: FnOnce() -> T + Send + 'static,
        T: TaskOutput,
    {
        if self.aborted.is_cancelled() {
            return;
        }
        let span = span(name);
        let task = move || span.in_scope(|| report(function()));
        self.running.spawn_blocking_on(task, &self.runtime);
    }

    /// Completes once the tasks are to stop.
    pub fn stopping(&self) -> impl Future<Output = ()> + Send + use<> {
        self.stopping.clone().cancelled_owned()
    }

    /// Whether the tasks are to stop.
    pub fn is_stopping(&self) -> bool {
        self.stopping.is_cancelled()
    }

    /// Tells all tasks to stop, waits for them, and aborts those that take too long.
    pub(crate) async fn stop(&self) {
        self.stopping.cancel();
        self.running.close();
        if timeout(STOP_TIMEOUT, self.running.wait()).await.is_ok() {
            return;
        }
        self.aborted.cancel();
        if timeout(ABORT_TIMEOUT, self.running.wait()).await.is_err() {
            let running = self.running.len();
            tracing::warn!(
                running,
                "leaving background tasks behind that block their threads"
            );
        }
    }
}

impl Default for Tasks {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Tasks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tasks")
            .field("running", &self.running.len())
            .field("is_stopping", &self.is_stopping())
            .finish_non_exhaustive()
    }
}

/// At every level: the records of a task say which it is.
fn span(name: &'static str) -> Span {
    // A root: a task outlives the call that spawned it.
    tracing::error_span!(parent: None, "task", task = name)
}

fn report(output: impl TaskOutput) {
    if let Err(error) = output.into_result() {
        tracing::error!("background task failed: {}", Error::from(error).chain());
    }
}

/// What a background task may return: nothing, or whether it failed.
///
/// The trait is sealed.
#[diagnostic::on_unimplemented(
    message = "a background task cannot return `{Self}`",
    label = "expected `()` or `Result<(), E>`",
    note = "`E` is any error that converts into `cvtplugin::BoxError`"
)]
pub trait TaskOutput: sealed::Sealed {
    #[doc(hidden)]
    fn into_result(self) -> Result<(), BoxError>;
}

impl TaskOutput for () {
    fn into_result(self) -> Result<(), BoxError> {
        Ok(())
    }
}

impl<E: Into<BoxError>> TaskOutput for Result<(), E> {
    fn into_result(self) -> Result<(), BoxError> {
        self.map_err(Into::into)
    }
}

/// A loop without an end, whose type is `!`, which has no name yet.
impl TaskOutput for sealed::Never {
    fn into_result(self) -> Result<(), BoxError> {
        self
    }
}

mod sealed {
    pub trait Sealed {}

    impl Sealed for () {}
    impl<E> Sealed for Result<(), E> {}
    impl Sealed for Never {}

    pub(super) type Never = <fn() -> ! as Returns>::Output;

    pub trait Returns {
        type Output;
    }

    impl<T> Returns for fn() -> T {
        type Output = T;
    }
}

#[cfg(test)]
mod tests;
