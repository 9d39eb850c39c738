//! Until when a call may take: gRPC's `grpc-timeout`.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use http::HeaderMap;

use crate::{Error, Result};

/// When a call expires, if it does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Deadline(Option<Expiry>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Expiry {
    at: Instant,
    timeout: Duration,
}

impl Deadline {
    /// Reads the deadline of a call that has just arrived.
    ///
    /// # Errors
    ///
    /// If it is malformed: `Internal`, as with a Go plugin.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Self> {
        let Some(value) = headers.get("grpc-timeout") else {
            return Ok(Self(None));
        };
        let timeout = value.to_str().ok().and_then(parse).ok_or_else(|| {
            Error::internal(format!(
                "malformed grpc-timeout {value:?}: expected up to 8 digits and a unit of HMSmun"
            ))
        })?;
        let at = Instant::now().checked_add(timeout);
        Ok(Self(at.map(|at| Expiry { at, timeout })))
    }

    /// The moment of expiry.
    pub(crate) fn instant(self) -> Option<Instant> {
        self.0.map(|expiry| expiry.at)
    }

    /// Runs `call` until the deadline.
    pub(crate) async fn limit<T>(self, call: impl Future<Output = Result<T>>) -> Result<T> {
        self.limit_by("deadline exceeded", call).await
    }

    /// As [`limit`](Self::limit), with `expired` for what took so long.
    pub(crate) async fn limit_by<T>(
        self,
        expired: &str,
        call: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let Some(Expiry { at, timeout }) = self.0 else {
            return call.await;
        };
        tokio::time::timeout_at(at.into(), call)
            .await
            .unwrap_or_else(|_| {
                // A host sends what is left of its timeout in microseconds.
                let timeout = humantime::format_duration(to_milliseconds(timeout));
                Err(Error::deadline_exceeded(format!(
                    "{expired}: the host allows {timeout} (plugins.<name>.timeout in config.yaml)"
                )))
            })
    }
}

/// Rounded up.
fn to_milliseconds(duration: Duration) -> Duration {
    let nanos = u64::from(duration.subsec_nanos().div_ceil(1_000_000)) * 1_000_000;
    Duration::from_secs(duration.as_secs()) + Duration::from_nanos(nanos)
}

/// Keeps a timer running while calls come. Cheap to clone.
///
/// Tokio wakes its driver for each timer that is due before all others: an `eventfd` write and a
/// needless turn for each call of a lone caller. With a nearer timer there are none: `strace -c` on
/// 3,000 calls of one caller shows 1.0 writes a call without this, 0.0 with it.
#[derive(Clone, Default)]
pub(crate) struct NearTimer(Arc<NearTimerState>);

#[derive(Default)]
struct NearTimerState {
    is_running: AtomicBool,
    is_used: AtomicBool,
}

/// Shorter than the timeouts that hosts set.
const NEAR: Duration = Duration::from_millis(100);

impl NearTimer {
    /// To be called for each call, in the runtime that has its deadline.
    pub(crate) fn keep_running(&self) {
        self.0.is_used.store(true, Ordering::Relaxed);
        if self.0.is_running.load(Ordering::Relaxed) {
            return;
        }
        self.0.is_running.store(true, Ordering::Relaxed);
        let state = self.0.clone();
        tokio::spawn(async move {
            while state.is_used.swap(false, Ordering::Relaxed) {
                tokio::time::sleep(NEAR).await;
            }
            state.is_running.store(false, Ordering::Relaxed);
        });
    }
}

/// Up to eight digits and a unit.
fn parse(timeout: &str) -> Option<Duration> {
    let (digits, unit) = timeout.split_at_checked(timeout.len().checked_sub(1)?)?;
    if digits.len() > 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let amount: u64 = digits.parse().ok()?;
    Some(match unit {
        "H" => Duration::from_secs(amount * 60 * 60),
        "M" => Duration::from_secs(amount * 60),
        "S" => Duration::from_secs(amount),
        "m" => Duration::from_millis(amount),
        "u" => Duration::from_micros(amount),
        "n" => Duration::from_nanos(amount),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grpc_timeouts_are_parsed() {
        assert_eq!(parse("5S"), Some(Duration::from_secs(5)));
        assert_eq!(parse("4999997u"), Some(Duration::from_micros(4_999_997)));
        assert_eq!(
            parse("99999999H"),
            Some(Duration::from_secs(359_999_996_400))
        );
        for malformed in ["", "S", "5", "123456789S", "-5S", "+5S", "5s", "5é", "é"] {
            assert_eq!(parse(malformed), None, "{malformed}");
        }
    }
}
