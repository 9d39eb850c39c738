//! A request with what surrounds it.

use std::time::Duration;

/// How much longer than its deadline a call is waited for.
const GRACE: Duration = Duration::from_millis(500);

/// A request, with a deadline and metadata of its own. A bare message converts into one.
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
    /// A request with the host's timeout and no metadata.
    pub fn new(message: M) -> Self {
        Self {
            message,
            timeout: None,
            grace: GRACE,
            metadata: Vec::new(),
        }
    }

    /// How long the call may take; the plugin is told.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// How much longer than its time-out the call is waited for, 500 ms unless said. The plugin's
    /// own answer to an expired call says more than the host's.
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// How long the call is waited for.
    pub(super) fn patience(&self, timeout: Duration) -> Duration {
        timeout.saturating_add(self.grace)
    }

    /// Sends `value` along under `key`. Both have to be ASCII; `key` in lower case.
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
