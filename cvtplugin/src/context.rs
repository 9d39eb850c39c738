//! Per-call context: deadline, cancellation, metadata.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::{HeaderMap, HeaderName, HeaderValue};
use tokio_util::sync::{CancellationToken, DropGuard};

/// Per-call context: the deadline, whether the call has been cancelled, and the metadata that the
/// host sent with it.
///
/// A call that is past its deadline or cancelled stops at its next `.await`, whether or not its
/// handler looks here. A plain `fn`, which has no `.await`, should check
/// [`is_cancelled`](Self::is_cancelled) between steps.
///
/// Cheap to clone.
///
/// ```
/// use std::time::Duration;
/// use cvtplugin::prelude::*;
///
/// async fn fetch(ctx: Context) -> Result<()> {
///     let timeout = ctx.remaining().unwrap_or(Duration::from_secs(30));
///     println!("waiting up to {timeout:?} for the backend");
///     Ok(())
/// }
/// ```
#[derive(Clone, Default)]
pub struct Context {
    call: Arc<Call>,
}

#[derive(Clone, Default)]
struct Call {
    deadline: Option<Instant>,
    cancelled: CancellationToken,
    metadata: HeaderMap,
}

impl Context {
    pub(crate) fn of_call(deadline: Option<Instant>, metadata: HeaderMap) -> Self {
        Self {
            call: Arc::new(Call {
                deadline,
                cancelled: CancellationToken::new(),
                metadata,
            }),
        }
    }

    /// Creates a context without deadline and metadata, for a test that calls a handler directly.
    ///
    /// ```
    /// use std::time::Duration;
    /// use cvtplugin::Context;
    ///
    /// let ctx = Context::new()
    ///     .with_timeout(Duration::from_secs(5))
    ///     .with_metadata("x-trace", "42");
    /// assert_eq!(ctx.metadata("x-trace"), Some("42"));
    ///
    /// assert!(!ctx.is_cancelled());
    /// ctx.cancel();
    /// assert!(ctx.is_cancelled());
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the deadline to `timeout` from now, for tests.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        let call = Arc::make_mut(&mut self.call);
        call.deadline = Instant::now().checked_add(timeout);
        self
    }

    /// Adds metadata, for tests.
    ///
    /// # Panics
    ///
    /// If `key` or `value` cannot be sent by gRPC: both have to be ASCII, `key` in lower case.
    #[must_use]
    pub fn with_metadata(mut self, key: &str, value: &str) -> Self {
        let name = HeaderName::from_lowercase(key.as_bytes());
        let text = HeaderValue::from_str(value);
        let (Ok(name), Ok(text)) = (name, text) else {
            panic!("invalid metadata {key:?}: expected ASCII, with the key in lower case");
        };
        Arc::make_mut(&mut self.call).metadata.append(name, text);
        self
    }

    /// Marks the call as cancelled, for everyone who looks at this context or a clone of it. The
    /// server does so when the caller no longer waits; a test, to see what a handler does then.
    pub fn cancel(&self) {
        self.call.cancelled.cancel();
    }

    /// Cancels the call when the guard is dropped.
    pub(crate) fn cancel_on_drop(&self) -> DropGuard {
        self.call.cancelled.clone().drop_guard()
    }

    /// Whether the deadline has passed.
    pub(crate) fn has_expired(&self) -> bool {
        self.remaining().is_some_and(|left| left.is_zero())
    }

    /// The time at which the call expires; `None` if the host set no deadline.
    pub fn deadline(&self) -> Option<Instant> {
        self.call.deadline
    }

    /// The time left until the call expires: zero once it has, `None` if the host set no deadline.
    pub fn remaining(&self) -> Option<Duration> {
        self.deadline()
            .map(|deadline| deadline.saturating_duration_since(Instant::now()))
    }

    /// Whether nobody waits for the response any more: the call was cancelled or has expired.
    pub fn is_cancelled(&self) -> bool {
        self.call.cancelled.is_cancelled() || self.has_expired()
    }

    /// Completes once the call is cancelled.
    ///
    /// For work that outlives its handler; the handler itself is stopped anyway.
    pub fn cancelled(&self) -> impl Future<Output = ()> + Send + use<> {
        self.call.cancelled.clone().cancelled_owned()
    }

    /// The first value that the host sent under `key`, if it is text.
    pub fn metadata(&self, key: &str) -> Option<&str> {
        self.call.metadata.get(key)?.to_str().ok()
    }

    /// All keys and values that the host sent and that are text. Keys may repeat.
    pub fn all_metadata(&self) -> impl Iterator<Item = (&str, &str)> {
        self.call
            .metadata
            .iter()
            .filter_map(|(key, value)| Some((key.as_str(), value.to_str().ok()?)))
    }
}

impl fmt::Debug for Context {
    /// Without the metadata's values, which may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("remaining", &self.remaining())
            .field("is_cancelled", &self.is_cancelled())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expired_call_counts_as_cancelled() {
        let context = Context::new().with_timeout(Duration::ZERO);
        assert_eq!(context.remaining(), Some(Duration::ZERO));
        assert!(context.is_cancelled());
    }

    #[test]
    fn call_without_deadline_ends_by_cancellation_alone() {
        let context = Context::new();
        assert_eq!(context.remaining(), None);
        assert!(!context.is_cancelled());
        context.cancel();
        assert!(context.is_cancelled());
    }

    #[test]
    fn debug_shows_no_metadata() {
        let context = Context::new().with_metadata("authorization", "Bearer hunter2");
        assert_eq!(context.metadata("authorization"), Some("Bearer hunter2"));
        assert!(!format!("{context:?}").contains("hunter2"));
    }

    #[test]
    #[should_panic(expected = "invalid metadata \"X-Trace\": expected ASCII")]
    fn metadata_that_grpc_cannot_send_is_rejected() {
        let _ = Context::new().with_metadata("X-Trace", "42");
    }
}
