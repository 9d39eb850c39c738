//! Calls, and what the plugin itself makes of them.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use cvtplugin::host::{Client, Request};
use cvtplugin::{Code, Error};
use tokio::time::timeout;

use super::outcome::Finding;
use super::transcript::Captured;

/// How long a response is waited for: the limit of a wait that should be short, no measure.
pub(super) const RESPONSE_TIMEOUT: Duration = Duration::from_secs(10);

/// The plugin's own response.
#[derive(Debug)]
pub(super) enum Response {
    Success,
    Error(Error),
    /// Nothing, for as long as one waits.
    None,
}

impl Response {
    pub(super) fn is_from_plugin(&self) -> bool {
        !matches!(self, Self::None)
    }

    /// The error's code, if it is an error.
    pub(super) fn code(&self) -> Option<Code> {
        match self {
            Self::Error(error) => Some(error.code()),
            Self::Success | Self::None => None,
        }
    }

    /// Whether both are successes, or errors of the same code. A missing response is like no other.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Success, Self::Success) => true,
            (Self::Error(one), Self::Error(other)) => one.code() == other.code(),
            _ => false,
        }
    }

    /// The message of a call that fails until something else is done, such as to set a key.
    pub(super) fn failed_precondition(&self) -> Option<&str> {
        match self {
            Self::Error(error) if error.code() == Code::FailedPrecondition => Some(error.message()),
            _ => None,
        }
    }

    pub(super) fn is_unimplemented(&self) -> bool {
        self.code() == Some(Code::Unimplemented)
    }
}

impl fmt::Display for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Success => f.write_str("OK"),
            Self::Error(error) => write!(f, "{}", error.code()),
            Self::None => f.write_str("no response"),
        }
    }
}

/// Makes calls and keeps the errors that come. Cheap to clone.
#[derive(Clone)]
pub(super) struct Caller {
    client: Client,
    captured: Captured,
    /// How long a response to a call is waited for.
    timeout: Duration,
}

impl Caller {
    /// For a plugin whose calls may take `timeout`, by its config.
    pub(super) fn new(client: Client, captured: Captured, timeout: Option<Duration>) -> Self {
        Self {
            client,
            captured,
            timeout: timeout.unwrap_or_default().saturating_add(RESPONSE_TIMEOUT),
        }
    }

    /// Calls an RPC as CVT does.
    pub(super) async fn call(&self, path: &str, message: impl Into<Bytes>) -> Response {
        self.response(path, Request::new(message.into())).await
    }

    /// Calls an RPC that may take `limit`, and waits for the plugin's own response even after that.
    pub(super) async fn call_within(
        &self,
        limit: Duration,
        path: &str,
        message: impl Into<Bytes>,
    ) -> Response {
        let request = Request::new(message.into()).timeout(limit);
        self.response(path, request).await
    }

    async fn response(&self, path: &str, request: Request<Bytes>) -> Response {
        // The host gives up later than this, and so never in the plugin's name.
        let request = request.grace(self.timeout.saturating_mul(2));
        match timeout(self.timeout, self.client.call_raw(path, request)).await {
            Ok(Ok(_)) => Response::Success,
            Ok(Err(error)) => {
                self.captured.error(error.message());
                Response::Error(error)
            }
            Err(_) => Response::None,
        }
    }

    /// Fails if the plugin has stopped serving, which is put down to `what`.
    pub(super) async fn still_serves(&self, what: &str) -> Result<(), String> {
        match timeout(RESPONSE_TIMEOUT, self.client.ping()).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(format!("after {what} it no longer serves: {error}")),
            Err(_) => Err(format!("after {what} it no longer responds")),
        }
    }

    /// As [`Self::still_serves`], where hosts rely on it.
    pub(super) async fn must_still_serve(&self, what: &str) -> Result<(), Finding> {
        let advice = "see its last log records for what went wrong; one call may never take the \
                      process down, nor block the others";
        let serves = self.still_serves(what).await;
        serves.map_err(|found| Finding::fail(found, advice))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn responses_are_alike_if_both_came_with_the_same_code() {
        let error = |code| Response::Error(Error::new(code, "why"));
        let not_found = error(Code::NotFound);
        assert!(Response::Success.is_like(&Response::Success));
        assert!(not_found.is_like(&error(Code::NotFound)));
        assert!(!not_found.is_like(&error(Code::Internal)));
        assert!(!Response::None.is_like(&Response::Success));
        assert!(!Response::Success.is_like(&not_found));
    }
}
