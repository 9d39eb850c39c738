//! Runs handlers: apart from the protocol, a task for each call, until its deadline.

use std::future::Future;

use futures_util::TryFutureExt as _;
use tokio_util::task::task_tracker::TaskTrackerToken;
use tonic::{Request, Response, Status};

use super::call::{Call, RequestId, panicked};
use super::handler_provider::{HandlerGuard, HandlerProvider};
use super::log_file_error::LogFileError;
use super::scheduler::{Failure, Scheduler};
use super::spec::SpecWarnings;
use crate::redaction::Redactor;
use crate::server::deadline::Deadline;
use crate::server::shutdown::Shutdown;
use crate::server::status::status_of;
use crate::{Context, Error, Result, Rpc, Tasks};

/// What expired where a call never reached its handler.
const IN_CONSTRUCTOR: &str = "deadline exceeded in the plugin's constructor, which goes on";

/// Runs the plugin's own code where it cannot stop the protocol. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Dispatcher {
    scheduler: Scheduler,
    shutdown: Shutdown,
    redactor: Redactor,
    spec_warnings: SpecWarnings,
    log_file_error: LogFileError,
}

impl Dispatcher {
    pub(crate) fn new(
        scheduler: Scheduler,
        shutdown: Shutdown,
        redactor: Redactor,
        log_file_error: Option<String>,
    ) -> Self {
        Self {
            scheduler,
            shutdown,
            redactor,
            spec_warnings: SpecWarnings::default(),
            log_file_error: LogFileError::new(log_file_error),
        }
    }

    /// The background tasks of a new instance.
    pub(crate) fn tasks(&self) -> Tasks {
        Tasks::on(self.scheduler.runtime().clone())
    }

    /// Knows the secrets that were delivered.
    pub(crate) fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// What the host is told of an error, which may be the first that it sees.
    pub(crate) fn explain(&self, error: Error) -> Error {
        self.log_file_error.add_to(error)
    }

    /// Handles one call of an extension with `handle`.
    pub(crate) async fn call<S, Q, R, F>(
        &self,
        rpc: Rpc,
        deadline: Deadline,
        request: Request<Q>,
        provider: &S,
        handle: impl FnOnce(HandlerGuard<S::Handler>, Context, Q) -> F + Send + 'static,
    ) -> Result<Response<R>, Status>
    where
        S: HandlerProvider<Handler: Send + Sync>,
        Q: RequestId + Send + 'static,
        R: Send + 'static,
        F: Future<Output = Result<R>> + Send + 'static,
    {
        let (metadata, _, message) = request.into_parts();
        let context = Context::of_call(deadline.instant(), metadata.into_headers());
        let requested = self.spec_warnings.of_request(&message);
        let call = Call::new(rpc, context, self.redactor.clone(), requested);
        let handler = match deadline.limit_by(IN_CONSTRUCTOR, provider.get()).await {
            Ok(handler) => handler,
            Err(error) => {
                let error = self.explain(error);
                let status = status_of(&error);
                self.detach(rpc.name(), async move { call.fail(&error) });
                return Err(status);
            }
        };
        // Boxed at once: it is large, and would be copied from future to future.
        let handling = Box::pin(call.handle(handler, message, handle));
        let handling = self.spawn(rpc.name(), handling);
        match deadline.limit(async { handling.await? }).await {
            Ok(response) => Ok(Response::new(response)),
            Err(error) => Err(status_of(&self.explain(error))),
        }
    }

    /// Runs any other code of the plugin's, `what` for short, until the deadline.
    pub(crate) async fn run_for<Q, R, F>(
        &self,
        what: &'static str,
        deadline: Deadline,
        request: Request<Q>,
        run: impl FnOnce(Context, Q) -> F + Send + 'static,
    ) -> Result<R>
    where
        Q: Send + 'static,
        R: Send + 'static,
        F: Future<Output = Result<R>> + Send + 'static,
    {
        let (metadata, _, message) = request.into_parts();
        let in_flight = self.shutdown.enter();
        let in_flight =
            in_flight.ok_or_else(|| Error::unavailable("the plugin is shutting down"))?;
        let context = Context::of_call(deadline.instant(), metadata.into_headers());
        let redactor = self.redactor.clone();
        let task = async move {
            let _cancelled = context.cancel_on_drop();
            let outcome = run(context, message).await;
            outcome.map_err(|error| redactor.redact_error(&error.into_text()))
        };
        let task = self.spawn(what, Box::pin(task));
        let outcome = deadline.limit(async { task.await? }).await;
        drop(in_flight);
        outcome.map_err(|error| self.explain(error))
    }

    /// Runs `task` where handlers run. A panic there becomes an error here; dropping the future
    /// stops the task at its next await.
    pub(crate) async fn run<R: Send + 'static>(
        &self,
        what: &'static str,
        task: impl Future<Output = R> + Send + 'static,
    ) -> Result<R> {
        self.spawn(what, task).await
    }

    fn spawn<R: Send + 'static, T>(
        &self,
        what: &'static str,
        task: T,
    ) -> impl Future<Output = Result<R>> + Send + use<R, T>
    where
        T: Future<Output = R> + Send + 'static,
    {
        let task = self.scheduler.spawn(what, task);
        task.map_err(move |failure| error_of(what, failure))
    }

    /// Runs `task` on a thread of its own: where all others are blocked, this one runs.
    pub(crate) async fn run_aside(
        &self,
        what: &'static str,
        task: impl Future<Output = ()> + Send + 'static,
    ) {
        self.scheduler.run_aside(what, task).await;
    }

    /// Runs `task` where handlers run, whether or not anybody waits for it, and keeps the plugin
    /// alive meanwhile.
    pub(crate) fn run_to_the_end(
        &self,
        what: &'static str,
        task: impl Future<Output = ()> + Send + 'static,
    ) {
        let in_flight: TaskTrackerToken = self.shutdown.hold();
        let task = async move {
            let _in_flight = in_flight;
            task.await;
        };
        self.detach(what, task);
    }

    /// Drops `value` where handlers run: its `Drop` may be the author's, and may block.
    pub(crate) fn drop_aside(&self, value: impl Send + 'static) {
        self.detach("drop", async move { drop(value) });
    }

    fn detach(&self, what: &'static str, task: impl Future<Output = ()> + Send + 'static) {
        self.scheduler.spawn(what, task).detach();
    }
}

/// Why a task has no outcome.
pub(super) fn error_of(what: &'static str, failure: Failure) -> Error {
    match failure {
        // What it panicked with may hold a secret: the log has it, the response has not.
        Failure::Panicked => panicked(what),
        Failure::Dropped => Error::unavailable("the plugin is shutting down"),
    }
}
