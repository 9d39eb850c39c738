//! The end of a plugin, in steps: requested, drained, closing.

use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

/// How long calls in flight may still take. The host kills a plugin that is still there 2 s after
/// the response to `Shutdown`, and the call itself has no deadline.
const DRAIN_BUDGET: Duration = Duration::from_millis(1500);

/// What everybody who takes part in the end shares. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Shutdown {
    requested: CancellationToken,
    ending: CancellationToken,
    drained: CancellationToken,
    closing: CancellationToken,
    calls: TaskTracker,
    /// The streams of what is printed.
    streams: TaskTracker,
}

impl Shutdown {
    /// Asks for the end: from now on new calls are turned away.
    pub(crate) fn request(&self) {
        self.calls.close();
        self.requested.cancel();
    }

    /// Waits until the end has been asked for.
    pub(crate) async fn requested(&self) {
        self.requested.cancelled().await;
    }

    /// Waits until the calls that were in flight are done, or have had their time, and what was
    /// printed is sent.
    pub(crate) async fn drained(&self) {
        self.drained.cancelled().await;
    }

    /// Waits until connections are to close.
    pub(crate) async fn closing(&self) {
        self.closing.cancelled().await;
    }

    /// Counts a call as in flight while the token lives; `None` once the end has been asked for.
    pub(crate) fn enter(&self) -> Option<TaskTrackerToken> {
        let token = self.calls.token();
        (!self.requested.is_cancelled()).then_some(token)
    }

    /// How many calls are in flight.
    pub(crate) fn in_flight(&self) -> usize {
        self.calls.len()
    }

    /// Counts something as in flight that belongs to the end itself.
    pub(crate) fn hold(&self) -> TaskTrackerToken {
        self.calls.token()
    }

    /// Waits for the calls in flight, within the budget.
    pub(crate) async fn drain(&self) {
        if tokio::time::timeout(DRAIN_BUDGET, self.calls.wait())
            .await
            .is_err()
        {
            let unfinished = self.in_flight();
            tracing::warn!(unfinished, "giving up on calls that do not end");
        }
    }

    /// Counts a stream of what is printed while the token lives.
    pub(crate) fn stream(&self) -> TaskTrackerToken {
        self.streams.token()
    }

    /// Lets the streams send their rest, waits for their end, but not for longer than `budget`, and
    /// says so to [`drained`](Self::drained).
    pub(crate) async fn end_streams(&self, budget: Duration) {
        self.ending.cancel();
        self.streams.close();
        let _ = tokio::time::timeout(budget, self.streams.wait()).await;
        self.drained.cancel();
    }

    /// Waits until streams are to send their rest and end.
    pub(crate) async fn ending_streams(&self) {
        self.ending.cancelled().await;
    }

    /// Lets connections close.
    pub(crate) fn close(&self) {
        self.closing.cancel();
    }
}
