//! Runs the author's code: apart from the protocol, one task a call, until its deadline.

use std::future::Future;
use std::time::Instant;

use tokio::runtime::Handle;
use tokio::task::JoinError;
use tokio_util::task::AbortOnDropHandle;
use tokio_util::task::task_tracker::TaskTrackerToken;
use tonic::{Request, Response, Status};
use tracing::{Instrument as _, Span, field};

use super::blocking_watch::BlockingWatch;
use super::limits::{MAX_CALLS, exhausted};
use super::shutdown::Shutdown;
use super::source::{Lease, Source};
use super::status::status_of;
use super::timeout::Deadline;
use crate::redaction::Redactor;
use crate::{Code, Context, Error, Result, Rpc, Tasks};

/// A message that may say to which request of the host's it belongs.
pub(crate) trait RequestId {
    fn request_id(&self) -> &str;
}

/// Runs the author's code on a runtime of its own, so that whatever it does to its threads, the
/// protocol goes on. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Calls {
    handlers: Handle,
    shutdown: Shutdown,
    redactor: Redactor,
    watch: BlockingWatch,
}

impl Calls {
    pub(crate) fn new(handlers: Handle, shutdown: Shutdown, redactor: Redactor) -> Self {
        Self {
            handlers,
            shutdown,
            redactor,
            watch: BlockingWatch::from(Handle::current()),
        }
    }

    /// Knows the secrets that were delivered.
    pub(crate) fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// The background tasks of a new instance.
    pub(crate) fn tasks(&self) -> Tasks {
        Tasks::on(self.handlers.clone())
    }

    /// What the host is told of `error`.
    pub(crate) fn status(&self, error: &Error) -> Status {
        status_of(&self.redactor.redact_error(error))
    }

    /// Answers one extension call by `handle`.
    pub(crate) async fn answer<S, Q, R, F>(
        &self,
        rpc: Rpc,
        request: Request<Q>,
        source: &S,
        handle: impl FnOnce(Lease<S::Handler>, Context, Q) -> F + Send + 'static,
    ) -> Result<Response<R>, Status>
    where
        S: Source<Handler: Send + Sync>,
        Q: RequestId + Send + 'static,
        R: Send + 'static,
        F: Future<Output = Result<R>> + Send,
    {
        let in_flight = self.admit().map_err(|error| self.status(&error))?;
        let start = Instant::now();
        // At every level: the records of a call are to say which it is.
        let span = tracing::error_span!(
            "call",
            service = rpc.service(),
            method = rpc.name(),
            request_id = field::Empty,
        );
        let request_id = request.get_ref().request_id();
        if !request_id.is_empty() {
            span.record("request_id", request_id);
        }
        let call = Call::new(request);
        let mut unanswered = Unanswered {
            start,
            span: Some(span.clone()),
        };
        let outcome = call
            .deadline
            .limit(async {
                let handler = source.get(self).await?;
                let handler = async move {
                    let outcome = handle(handler, call.context, call.message).await;
                    outcome.map_err(Error::into_text)
                };
                // Requests that have arrived together are to reach the handlers together: waking
                // a thread for each costs more than a short handler does. Once more, since Tokio
                // goes on with the last to yield first, and they are to keep their order.
                tokio::task::yield_now().await;
                tokio::task::yield_now().await;
                self.run(rpc.name(), handler.instrument(span.clone()))
                    .await?
            })
            .await;
        unanswered.span = None;
        span.in_scope(|| self.log(start, outcome.as_ref().err()));
        outcome
            .map(|message| {
                let mut response = Response::new(message);
                response.extensions_mut().insert(in_flight);
                response
            })
            .map_err(|error| self.status(&error))
    }

    /// Counts one more call, unless the plugin is ending.
    fn enter(&self) -> Result<TaskTrackerToken> {
        let in_flight = self.shutdown.enter();
        in_flight.ok_or_else(|| Error::unavailable("the plugin is shutting down"))
    }

    /// Counts one more call of an extension, unless there are too many.
    fn admit(&self) -> Result<TaskTrackerToken> {
        let in_flight = self.enter()?;
        if self.shutdown.in_flight() > MAX_CALLS {
            return Err(exhausted("too many calls at once", MAX_CALLS));
        }
        Ok(in_flight)
    }

    /// Runs any other code of the author's, `what` for short, under the deadline of `request`.
    pub(crate) async fn run_for<Q, R, F>(
        &self,
        what: &'static str,
        request: Request<Q>,
        run: impl FnOnce(Context, Q) -> F + Send + 'static,
    ) -> Result<R>
    where
        Q: Send + 'static,
        R: Send + 'static,
        F: Future<Output = Result<R>> + Send,
    {
        let _in_flight = self.enter()?;
        let call = Call::new(request);
        let task = async move {
            let outcome = run(call.context, call.message).await;
            outcome.map_err(Error::into_text)
        };
        call.deadline
            .limit(async { self.run(what, task).await? })
            .await
    }

    /// Runs `task` among the author's code. A panic there becomes an error here; dropping the
    /// future stops the task at its next await.
    pub(crate) async fn run<R: Send + 'static>(
        &self,
        what: &'static str,
        task: impl Future<Output = R> + Send + 'static,
    ) -> Result<R> {
        let task = self.watch.clone().over(what, task);
        let task = AbortOnDropHandle::new(self.handlers.spawn(task));
        task.await.map_err(|error| failure(what, &error))
    }

    /// Runs `task` among the author's code, but on a thread of its own: where all others are
    /// blocked, this one runs.
    pub(crate) async fn run_aside<R: Send + 'static>(
        &self,
        what: &'static str,
        task: impl Future<Output = R> + Send + 'static,
    ) -> Result<R> {
        let handlers = self.handlers.clone();
        let task = self
            .handlers
            .spawn_blocking(move || handlers.block_on(task));
        task.await.map_err(|error| failure(what, &error))
    }

    /// Runs `task` among the author's code whether or not anybody waits for it, and keeps the
    /// plugin alive meanwhile.
    pub(crate) fn run_to_the_end(&self, task: impl Future<Output = ()> + Send + 'static) {
        let in_flight = self.shutdown.hold();
        self.handlers.spawn(async move {
            let _in_flight = in_flight;
            task.await;
        });
    }

    fn log(&self, start: Instant, error: Option<&Error>) {
        let duration = start.elapsed();
        let Some(error) = error else {
            tracing::debug!(?duration, "answered");
            return;
        };
        let code = error.code();
        // The subscriber may be the author's, which hides nothing.
        let message = self.redactor.redact(error.message());
        match code {
            Code::Unimplemented => tracing::debug!(?duration, "opted out"),
            Code::NotFound => tracing::debug!(?duration, %code, "{message}"),
            // CVT shows its user few of the errors that it gets, and none of an event's.
            _ => tracing::warn!(?duration, %code, "{message}"),
        }
    }
}

/// Logs a call that is dropped before it has an outcome: its caller has cancelled it.
struct Unanswered {
    start: Instant,
    /// `None` once there is an outcome.
    span: Option<Span>,
}

impl Drop for Unanswered {
    fn drop(&mut self) {
        if let Some(span) = &self.span {
            let duration = self.start.elapsed();
            span.in_scope(|| tracing::debug!(?duration, "cancelled"));
        }
    }
}

/// Why a task of the author's has no outcome.
fn failure(what: &'static str, error: &JoinError) -> Error {
    if error.is_panic() {
        // What it panicked with may hold a secret: the log has it, the answer has not.
        Error::internal(format!("the plugin panicked in {what}: see its log"))
    } else {
        Error::unavailable("the plugin is shutting down")
    }
}

/// A request, taken apart.
struct Call<Q> {
    context: Context,
    deadline: Deadline,
    message: Q,
    _awaited: Awaited,
}

/// A call whose caller waits for it, until this is dropped.
///
/// As long as it is there, so is what the handler knows of the call: it is freed by the thread
/// that made it, since the other one would have to wait for that one's memory.
struct Awaited(Context);

impl Drop for Awaited {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

impl<Q> Call<Q> {
    fn new(request: Request<Q>) -> Self {
        let deadline = Deadline::of_request(&request);
        let (metadata, _, message) = request.into_parts();
        let context = Context::of_call(deadline.instant(), metadata.into_headers());
        Self {
            _awaited: Awaited(context.clone()),
            context,
            deadline,
            message,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use tokio::sync::oneshot;
    use tokio::time::timeout;

    use super::*;
    use crate::RuntimeOptions;

    const A_MOMENT: Duration = Duration::from_millis(1);
    const PATIENCE: Duration = Duration::from_secs(60);

    /// The worst that a handler can do: to be woken by the thread that looks after the timers, and
    /// to block it, until the other end of `end` is dropped.
    async fn wake_up_and_block(begun: oneshot::Sender<()>, end: mpsc::Receiver<()>) {
        tokio::time::sleep(A_MOMENT).await;
        let _ = begun.send(());
        let _ = end.recv();
    }

    #[tokio::test]
    async fn timers_go_off_while_a_handler_blocks_their_thread() {
        let handlers = RuntimeOptions::new().worker_threads(2).build();
        let handlers = handlers.expect("a runtime");
        let calls = Calls::new(
            handlers.handle().clone(),
            Shutdown::default(),
            Redactor::default(),
        );
        let (begun, has_begun) = oneshot::channel();
        let (until, end) = mpsc::channel();
        let blocked = calls.run("blocker", wake_up_and_block(begun, end));
        let slept = async {
            has_begun.await.expect("it blocks");
            let sleeper = calls.run("sleeper", tokio::time::sleep(A_MOMENT));
            timeout(PATIENCE, sleeper).await.expect("it is woken")
        };
        tokio::select! {
            _ = blocked => panic!("the blocker came first"),
            slept = slept => slept.expect("it slept"),
        }
        drop(until);
        handlers.shutdown_background();
    }
}
