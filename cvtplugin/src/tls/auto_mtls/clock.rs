//! A clock for TLS that may be wrong.

use std::time::{SystemTime, UNIX_EPOCH};

use tokio_rustls::rustls::pki_types::UnixTime;
use tokio_rustls::rustls::time_provider::TimeProvider;

/// The system's clock. No certificate is too old or too new here, since each is known beforehand;
/// but rustls asks for the time, and its own clock panics before 1970.
#[derive(Debug)]
pub(super) struct AnyClock;

impl TimeProvider for AnyClock {
    fn current_time(&self) -> Option<UnixTime> {
        Some(unix_time(SystemTime::now()))
    }
}

fn unix_time(now: SystemTime) -> UnixTime {
    UnixTime::since_unix_epoch(now.duration_since(UNIX_EPOCH).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn clock_before_1970_or_after_9999_has_a_time() {
        let before = UNIX_EPOCH - Duration::from_secs(86_400);
        assert_eq!(unix_time(before).as_secs(), 0);
        let after = Duration::from_secs(300_000_000_000);
        assert_eq!(unix_time(UNIX_EPOCH + after).as_secs(), after.as_secs());
    }
}
