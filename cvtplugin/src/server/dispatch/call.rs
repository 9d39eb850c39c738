//! One call of an extension, where handlers run: its span, its log, its end.

use std::any::Any;
use std::future::Future;
use std::time::Instant;

use tracing::{Instrument as _, Span, field};

use super::handler_provider::HandlerGuard;
use super::spec::Requested;
use crate::redaction::Redactor;
use crate::{Code, Context, Error, Result, Rpc};

/// A message that may say to which request of the host's it belongs.
pub(crate) trait RequestId {
    fn request_id(&self) -> &str;
}

/// A call, as its log shows it.
pub(super) struct Call {
    rpc: Rpc,
    start: Instant,
    context: Context,
    redactor: Redactor,
    /// The schema that it asks for, if it does.
    requested: Option<Requested>,
    span: Option<Span>,
    is_finished: bool,
}

impl Call {
    /// A call that has just arrived.
    pub(super) fn new(
        rpc: Rpc,
        context: Context,
        redactor: Redactor,
        requested: Option<Requested>,
    ) -> Self {
        Self {
            rpc,
            start: Instant::now(),
            context,
            redactor,
            requested,
            span: None,
            is_finished: false,
        }
    }

    /// Handles the call. To be polled where handlers are: the subscriber that gets the span may be
    /// the author's, and so may whatever wakes up when the call is cancelled.
    pub(super) async fn handle<H, Q, R, F>(
        mut self,
        handler: HandlerGuard<H>,
        message: Q,
        handle: impl FnOnce(HandlerGuard<H>, Context, Q) -> F,
    ) -> Result<R>
    where
        Q: RequestId,
        R: 'static,
        F: Future<Output = Result<R>>,
    {
        let span = self.enter(message.request_id());
        let outcome = handle(handler, self.context.clone(), message)
            .instrument(span)
            .await;
        let outcome = outcome.map_err(|error| self.redactor.redact_error(&error.into_text()));
        self.finish(match &outcome {
            Ok(response) => Ok(response),
            Err(error) => Err(error),
        });
        outcome
    }

    /// Records that the call failed before it reached its handler.
    pub(super) fn fail(mut self, error: &Error) {
        self.enter("");
        self.finish(Err(error));
    }

    fn enter(&mut self, request_id: &str) -> Span {
        // At every level: the records of a call are to say which it is.
        let span = tracing::error_span!(
            "call",
            service = self.rpc.service(),
            method = self.rpc.name(),
            request_id = field::Empty,
        );
        if !request_id.is_empty() {
            span.record("request_id", request_id);
        }
        self.span = Some(span.clone());
        span
    }

    fn finish(&mut self, outcome: Result<&dyn Any, &Error>) {
        self.is_finished = true;
        let Some(span) = &self.span else {
            return;
        };
        span.in_scope(|| {
            log(self.rpc, self.start, outcome.err());
            if let (Some(requested), Ok(response)) = (&self.requested, outcome) {
                requested.check(response);
            }
        });
    }
}

/// What is dropped before its outcome was cancelled by its caller, has expired, or panics.
impl Drop for Call {
    fn drop(&mut self) {
        self.context.cancel();
        let Some(span) = self.span.as_ref().filter(|_| !self.is_finished) else {
            return;
        };
        span.in_scope(|| {
            if std::thread::panicking() {
                let error = panicked(self.rpc.name());
                log(self.rpc, self.start, Some(&error));
            } else if self.context.has_expired() {
                let error = Error::deadline_exceeded("deadline exceeded");
                log(self.rpc, self.start, Some(&error));
            } else {
                tracing::debug!(duration = ?self.start.elapsed(), "cancelled");
            }
        });
    }
}

fn log(rpc: Rpc, start: Instant, error: Option<&Error>) {
    let duration = start.elapsed();
    let Some(error) = error else {
        tracing::debug!(?duration, "handled");
        return;
    };
    let (code, message) = (error.code(), error.message());
    match code {
        Code::Unimplemented => tracing::debug!(?duration, "opted out"),
        // An everyday response, and one that CVT logs.
        Code::NotFound if rpc == Rpc::FetchSchema => {
            tracing::debug!(?duration, %code, "{message}");
        }
        // CVT shows its user few of the errors that it gets, and none of an event or a usage.
        _ => tracing::warn!(?duration, %code, "{message}"),
    }
}

/// The error of a call whose handler panicked.
pub(super) fn panicked(what: &str) -> Error {
    Error::internal(format!(
        "the plugin panicked in {what}: set CVT_PLUGIN_LOG_FILE=/path to see the panic (CVT drops \
         plugin logs)"
    ))
}
