//! A request with its options.

use std::time::Duration;

/// How much longer than its timeout to wait for a call.
const GRACE: Duration = Duration::from_millis(500);

/// A request with its own timeout and metadata. A bare message converts into one.
///
/// ```
/// use std::time::Duration;
/// use cvtplugin::host::Request;
/// use cvtplugin::prelude::*;
///
/// let request = Request::new(FetchSchemaRequest::new("petstore"))
///     .timeout(Duration::from_millis(200))
///     .metadata("x-trace", "42");
/// # let _ = request;
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Request<M> {
    pub(super) message: M,
    pub(super) timeout: Option<Duration>,
    grace: Duration,
    pub(super) metadata: Vec<(String, String)>,
}

impl<M> Request<M> {
    /// Creates a request with the host's timeout and no metadata.
    pub fn new(message: M) -> Self {
        Self {
            message,
            timeout: None,
            grace: GRACE,
            metadata: Vec::new(),
        }
    }

    /// Sets how long the call may take. The plugin is told its deadline.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sets how much longer than its timeout to wait for the call; 500 ms by default. The plugin's
    /// own response to an expired call says more than the host's.
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// How long to wait for the call.
    pub(super) fn limit(&self, timeout: Duration) -> Duration {
        timeout.saturating_add(self.grace)
    }

    /// Adds metadata. Both key and value have to be ASCII; the key in lower case.
    pub fn metadata(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.metadata.push((key.into(), value.into()));
        self
    }
}

impl<M> From<M> for Request<M> {
    fn from(message: M) -> Self {
        Self::new(message)
    }
}
