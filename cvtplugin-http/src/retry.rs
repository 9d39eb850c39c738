//! When a request is sent again, and how long to wait before that.
//!
//! Neither reqwest's own retries nor reqwest-retry read `Retry-After` or know of a deadline.

use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Response, StatusCode};

/// How often a request is sent at most.
const MAX_TRIES: u32 = 5;

/// The pause before the second try where the server does not ask for one.
const PAUSE: Duration = Duration::from_millis(100);

/// After what a request is sent again, if there is time for that before its deadline.
///
/// After 429 and 503 with a `Retry-After`, the pause is the one that it asks for, and there are up
/// to five tries. Otherwise there are two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// Never.
    Never,
    /// Only after a failure that means that the request was not processed: no connection, a 5xx,
    /// or a 429 with a `Retry-After`. For requests that must not take effect twice.
    OnRejection,
    /// After a connection that broke, too. For requests that may take effect twice.
    OnFailure,
}

impl Retry {
    /// How long to wait before another try; `None` for no other try.
    pub(crate) fn pause(
        self,
        outcome: &Result<Response, reqwest::Error>,
        tries: u32,
    ) -> Option<Duration> {
        if self == Self::Never || tries >= MAX_TRIES {
            return None;
        }
        let is_second = tries == 1;
        match outcome {
            Ok(response) => {
                let asked = retry_after(response.status(), response.headers(), SystemTime::now());
                let is_transient = is_second && response.status().is_server_error();
                asked.or(is_transient.then_some(PAUSE))
            }
            Err(error) => {
                let is_transient = error.is_connect()
                    || self == Self::OnFailure && !error.is_redirect() && !error.is_builder();
                (is_second && is_transient).then_some(PAUSE)
            }
        }
    }
}

/// The pause that the server asks for, in seconds or until a date.
fn retry_after(status: StatusCode, headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    if !matches!(status.as_u16(), 429 | 503) {
        return None;
    }
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = httpdate::parse_http_date("Fri, 27 Nov 2026 00:00:00 GMT").expect("a date");
        let asked = |status: u16, value: &str| {
            let status = status.try_into().expect("a status");
            let headers = HeaderMap::from_iter([(RETRY_AFTER, value.parse().expect("a value"))]);
            retry_after(status, &headers, now)
        };
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        assert_eq!(asked(429, "3"), seconds(3));
        assert_eq!(asked(503, " 0 "), seconds(0));
        assert_eq!(asked(429, "Fri, 27 Nov 2026 00:00:07 GMT"), seconds(7));
        assert_eq!(asked(429, "Thu, 26 Nov 2026 00:00:00 GMT"), seconds(0));
        for value in ["-1", "1.5", "soon", ""] {
            assert_eq!(asked(429, value), None, "{value}");
        }
        assert_eq!(asked(500, "3"), None);
    }
}
