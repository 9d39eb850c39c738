//! What a handler is told about its call.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::HeaderMap;
use tokio_util::sync::{CancellationToken, DropGuard};

/// What a handler is told about its call: until when it may take, whether its caller still
/// waits, and the metadata sent along.
///
/// A call that is past its deadline or cancelled stops at its next `.await`, whether or not its
/// handler looks here. A plain `fn`, which has no `.await`, should ask
/// [`is_cancelled`](Self::is_cancelled) between steps.
///
/// Cheap to clone.
///
/// ```
/// use std::time::Duration;
/// use cvtplugin::prelude::*;
///
/// async fn fetch(ctx: Context) -> Result<()> {
///     let patience = ctx.remaining().unwrap_or(Duration::from_secs(30));
///     println!("giving the backend {patience:?}");
///     Ok(())
/// }
/// ```
#[derive(Clone)]
pub struct Context {
    call: Arc<Call>,
}

struct Call {
    deadline: Option<Instant>,
    cancelled: CancellationToken,
    metadata: HeaderMap,
}

impl Context {
    pub(crate) fn new(deadline: Option<Instant>, metadata: HeaderMap) -> Self {
        Self {
            call: Arc::new(Call {
                deadline,
                cancelled: CancellationToken::new(),
                metadata,
            }),
        }
    }

    /// Nobody waits for the answer any more.
    pub(crate) fn cancel(&self) {
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

    /// When the call expires; `None` where the host set no deadline.
    pub fn deadline(&self) -> Option<Instant> {
        self.call.deadline
    }

    /// How long until the call expires: zero when it has, `None` where the host set no deadline.
    pub fn remaining(&self) -> Option<Duration> {
        self.deadline()
            .map(|deadline| deadline.saturating_duration_since(Instant::now()))
    }

    /// Whether nobody waits for the answer any more: the call was cancelled or has expired.
    pub fn is_cancelled(&self) -> bool {
        self.call.cancelled.is_cancelled() || self.has_expired()
    }

    /// Waits until nobody waits for the answer any more.
    ///
    /// For work that outlives its handler; the handler itself is stopped anyway.
    pub fn cancelled(&self) -> impl Future<Output = ()> + Send + use<> {
        self.call.cancelled.clone().cancelled_owned()
    }

    /// The first value that the host sent under `key`, if it is text.
    pub fn metadata(&self, key: &str) -> Option<&str> {
        self.call.metadata.get(key)?.to_str().ok()
    }

    /// Every key and value that the host sent and that is text. Keys may repeat.
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
    fn an_expired_call_counts_as_cancelled() {
        let now = Some(Instant::now());
        let context = Context::new(now, HeaderMap::new());
        assert_eq!(context.remaining(), Some(Duration::ZERO));
        assert!(context.is_cancelled());
    }

    #[test]
    fn a_call_without_a_deadline_ends_by_cancellation_alone() {
        let context = Context::new(None, HeaderMap::new());
        assert_eq!(context.remaining(), None);
        assert!(!context.is_cancelled());
        context.cancel();
        assert!(context.is_cancelled());
    }

    #[test]
    fn debug_shows_no_metadata() {
        let mut metadata = HeaderMap::new();
        metadata.insert("authorization", "Bearer hunter2".parse().expect("a value"));
        let context = Context::new(None, metadata);
        assert_eq!(context.metadata("authorization"), Some("Bearer hunter2"));
        assert!(!format!("{context:?}").contains("hunter2"));
    }
}
