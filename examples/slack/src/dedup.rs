//! Alerts that were posted already.

use std::collections::HashMap;
use std::sync::{Arc, Mutex as StdMutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Mutex, OwnedMutexGuard};

/// Which alerts were posted, and when.
pub(crate) struct Dedup {
    window: Duration,
    alerts: StdMutex<HashMap<String, Arc<Mutex<Posted>>>>,
}

/// What is known of one alert. Whoever posts it holds the lock, so that it is posted once.
#[derive(Default)]
struct Posted {
    last: Option<Instant>,
    suppressed: u32,
}

/// The right to post an alert. If it is dropped, the alert was not posted.
pub(crate) struct Turn(Option<OwnedMutexGuard<Posted>>);

impl Dedup {
    /// A window of zero posts all.
    pub(crate) fn new(window: Duration) -> Self {
        let alerts = StdMutex::default();
        Self { window, alerts }
    }

    pub(crate) fn is_off(&self) -> bool {
        self.window.is_zero()
    }

    /// Waits until nobody else posts this alert. `None` if it was posted within the window.
    pub(crate) async fn enter(&self, key: &str) -> Option<Turn> {
        if self.is_off() {
            return Some(Turn(None));
        }
        let alert = {
            let mut alerts = self.lock();
            alerts.retain(|key, alert| !self.is_over(key, alert));
            alerts.entry(key.to_owned()).or_default().clone()
        };
        let mut posted = alert.lock_owned().await;
        if posted.last.is_some_and(|last| last.elapsed() < self.window) {
            posted.suppressed += 1;
            return None;
        }
        Some(Turn(Some(posted)))
    }

    /// This alert was posted, not by whoever has entered.
    pub(crate) fn posted(&self, key: &str) {
        if let Some(alert) = self.lock().get(key)
            && let Ok(mut posted) = alert.try_lock()
        {
            posted.last = Some(Instant::now());
        }
    }

    /// Logs the repeats that no later alert has mentioned.
    pub(crate) fn log_suppressed(&self) {
        for (key, alert) in &*self.lock() {
            if let Ok(posted) = alert.try_lock() {
                log_suppressed(key, posted.suppressed);
            }
        }
    }

    /// Whether an alert need not be known any longer: two windows after it was posted, so that the
    /// next one can still mention its repeats.
    fn is_over(&self, key: &str, alert: &Arc<Mutex<Posted>>) -> bool {
        if Arc::strong_count(alert) > 1 {
            return false;
        }
        let Ok(posted) = alert.try_lock() else {
            return false;
        };
        let is_recent = |last: Instant| last.elapsed() / 2 < self.window;
        let is_over = !posted.last.is_some_and(is_recent);
        if is_over {
            log_suppressed(key, posted.suppressed);
        }
        is_over
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<Mutex<Posted>>>> {
        self.alerts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn {
    /// How many repeats were not posted since the last time.
    pub(crate) fn suppressed(&self) -> u32 {
        self.0.as_ref().map_or(0, |posted| posted.suppressed)
    }

    /// The alert was posted.
    pub(crate) fn finish(self) {
        if let Some(mut posted) = self.0 {
            posted.last = Some(Instant::now());
            posted.suppressed = 0;
        }
    }
}

fn log_suppressed(key: &str, suppressed: u32) {
    if suppressed > 0 {
        tracing::info!(key, suppressed, "repeats of an alert were not posted");
    }
}
