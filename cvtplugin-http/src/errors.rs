//! Errors: what went wrong, and at which host.

use std::error::Error as StdError;
use std::fmt;

use cvtplugin::Error;
use reqwest::StatusCode;
use url::{Position, Url};

/// How much of a URL errors show.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    Host,
    Path,
}

impl Place {
    /// Host and port of `url`, with its path if that may be shown. Never a query or a password.
    pub(crate) fn of(self, url: &Url) -> String {
        let end = match self {
            Self::Host => Position::AfterPort,
            Self::Path => Position::AfterPath,
        };
        url[Position::BeforeHost..end].to_owned()
    }
}

/// Why there is no response: the [source](StdError::source) of the
/// [`Code::Unavailable`](cvtplugin::Code::Unavailable) that
/// [`Request::send`](crate::Request::send) returns then.
///
/// ```
/// use std::error::Error as _;
/// use cvtplugin_http::NoResponse;
///
/// fn may_be_sent(error: &cvtplugin::Error) -> bool {
///     let why = error.source().and_then(|source| source.downcast_ref::<NoResponse>());
///     why.is_none_or(NoResponse::may_be_sent)
/// }
/// ```
#[derive(Clone, Debug)]
pub struct NoResponse {
    cause: String,
    may_be_sent: bool,
}

impl NoResponse {
    /// Whether the server may have got the request, and have processed it. It has not where there
    /// was no connection.
    pub fn may_be_sent(&self) -> bool {
        self.may_be_sent
    }
}

impl fmt::Display for NoResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.cause)
    }
}

impl StdError for NoResponse {}

/// There is no response to a request to `url`.
pub(crate) fn no_response(url: &Url, error: &reqwest::Error) -> Error {
    let what = if error.is_connect() {
        "cannot reach"
    } else if error.is_redirect() {
        "cannot follow the redirect of"
    } else {
        "no response from"
    };
    let host = Place::Host.of(error.url().unwrap_or(url));
    Error::unavailable(format!("{what} {host}")).with_source(NoResponse {
        cause: root_cause(error),
        may_be_sent: !error.is_connect(),
    })
}

/// The deadline of a request to `host` has passed.
pub(crate) fn too_slow(host: &str) -> Error {
    Error::deadline_exceeded(format!(
        "deadline exceeded: no response from {host} \
         (to wait longer, raise plugins.<name>.timeout in config.yaml)"
    ))
}

/// The status as HTTP writes it.
pub(crate) fn describe(status: StatusCode) -> String {
    let reason = status.canonical_reason().unwrap_or_default();
    format!("{} {reason}", status.as_str())
        .trim_end()
        .to_owned()
}

/// The innermost error, which says more than the layers around it.
pub(crate) fn root_cause(error: &dyn StdError) -> String {
    std::iter::successors(Some(error), |&error| error.source())
        .last()
        .map(ToString::to_string)
        .unwrap_or_default()
}
