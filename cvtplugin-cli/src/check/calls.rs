//! Calls, and what the plugin itself makes of them.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use cvtplugin::host::{Client, Request};
use cvtplugin::{Code, Error};
use tokio::time::timeout;

use super::outcome::Complaint;
use super::transcript::Captured;

/// How long an answer is waited for: the limit of a wait that should be short, no measure.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// What the plugin itself answers.
#[derive(Debug)]
pub(super) enum Answer {
    Success,
    Error(Error),
    /// Nothing, for as long as one waits.
    None,
}

impl Answer {
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

    /// Whether both are successes, or errors of the same code. No answer is like none.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Success, Self::Success) => true,
            (Self::Error(one), Self::Error(other)) => one.code() == other.code(),
            _ => false,
        }
    }

    pub(super) fn is_unimplemented(&self) -> bool {
        self.code() == Some(Code::Unimplemented)
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Success => f.write_str("OK"),
            Self::Error(error) => write!(f, "{}", error.code()),
            Self::None => f.write_str("no answer"),
        }
    }
}

/// Makes calls and keeps the errors that come. Cheap to clone.
#[derive(Clone)]
pub(super) struct Caller {
    client: Client,
    said: Captured,
    /// How long an answer to a call is waited for.
    patience: Duration,
}

impl Caller {
    /// For a plugin whose calls may take `timeout`, by its config.
    pub(super) fn new(client: Client, said: Captured, timeout: Option<Duration>) -> Self {
        Self {
            client,
            said,
            patience: timeout.unwrap_or_default().saturating_add(PATIENCE),
        }
    }

    /// Calls an RPC as CVT does.
    pub(super) async fn call(&self, path: &str, message: impl Into<Bytes>) -> Answer {
        self.answer(path, Request::new(message.into())).await
    }

    /// Calls an RPC that may take `limit`, and waits for the plugin's own answer even after that.
    pub(super) async fn call_within(
        &self,
        limit: Duration,
        path: &str,
        message: impl Into<Bytes>,
    ) -> Answer {
        let request = Request::new(message.into()).timeout(limit);
        self.answer(path, request).await
    }

    async fn answer(&self, path: &str, request: Request<Bytes>) -> Answer {
        // The host gives up later than this, and so never in the plugin's name.
        let request = request.grace(self.patience.saturating_mul(2));
        match timeout(self.patience, self.client.call_raw(path, request)).await {
            Ok(Ok(_)) => Answer::Success,
            Ok(Err(error)) => {
                self.said.error(error.message());
                Answer::Error(error)
            }
            Err(_) => Answer::None,
        }
    }

    /// Fails if the plugin has stopped serving, which is put down to `what`.
    pub(super) async fn still_serves(&self, what: &str) -> Result<(), String> {
        match timeout(PATIENCE, self.client.ping()).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(format!("after {what} it serves no more: {error}")),
            Err(_) => Err(format!("after {what} it answers no more")),
        }
    }

    /// As [`Self::still_serves`], where hosts rely on it.
    pub(super) async fn must_still_serve(&self, what: &str) -> Result<(), Complaint> {
        let advice = "see its last log records for what went wrong; one call may never take the \
                      process down, nor block the others";
        let serves = self.still_serves(what).await;
        serves.map_err(|found| Complaint::fails(found, advice))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_alike_if_both_are_there_and_of_a_kind() {
        let error = |code| Answer::Error(Error::new(code, "why"));
        let not_found = error(Code::NotFound);
        assert!(Answer::Success.is_like(&Answer::Success));
        assert!(not_found.is_like(&error(Code::NotFound)));
        assert!(!not_found.is_like(&error(Code::Internal)));
        assert!(!Answer::None.is_like(&Answer::Success));
        assert!(!Answer::Success.is_like(&not_found));
    }
}
