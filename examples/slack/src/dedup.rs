//! Alerts that were posted already.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

/// Which alerts were posted, and when.
pub(crate) struct Dedup {
    window: Duration,
    alerts: Mutex<HashMap<String, Posted>>,
}

/// What is known of one alert.
#[derive(Default)]
struct Posted {
    last: Option<Instant>,
    suppressed: u32,
    /// Held by whoever posts it, so that it is posted once.
    turn: Arc<AsyncMutex<()>>,
}

/// The right to post an alert. If it is dropped, the alert was not posted.
pub(crate) struct Turn<'a> {
    dedup: &'a Dedup,
    key: &'a str,
    suppressed: u32,
    guard: Option<OwnedMutexGuard<()>>,
}

impl Dedup {
    /// A window of zero posts all.
    pub(crate) fn new(window: Duration) -> Self {
        let alerts = Mutex::default();
        Self { window, alerts }
    }

    pub(crate) fn is_off(&self) -> bool {
        self.window.is_zero()
    }

    /// Waits until nobody else posts this alert. `None` if it was posted within the window.
    pub(crate) async fn enter<'a>(&'a self, key: &'a str) -> Option<Turn<'a>> {
        let mut turn = Turn {
            dedup: self,
            key,
            suppressed: 0,
            guard: None,
        };
        if self.is_off() {
            return Some(turn);
        }
        let lock = {
            let mut alerts = self.lock();
            alerts.retain(|key, alert| !alert.is_over(key, self.window));
            alerts.entry(key.to_owned()).or_default().turn.clone()
        };
        turn.guard = Some(lock.lock_owned().await);
        let mut alerts = self.lock();
        let posted = alerts.entry(key.to_owned()).or_default();
        if posted.is_recent(self.window) {
            posted.suppressed += 1;
            return None;
        }
        turn.suppressed = posted.suppressed;
        Some(turn)
    }

    /// Whether this alert was posted within the window.
    pub(crate) fn is_repeat(&self, key: &str) -> bool {
        let alerts = self.lock();
        alerts.get(key).is_some_and(|it| it.is_recent(self.window))
    }

    /// This alert was posted.
    pub(crate) fn posted(&self, key: &str) {
        if !self.is_off() {
            let mut alerts = self.lock();
            alerts.entry(key.to_owned()).or_default().last = Some(Instant::now());
        }
    }

    /// Logs the repeats that no later alert has mentioned.
    pub(crate) fn log_suppressed(&self) {
        for (key, posted) in &*self.lock() {
            posted.log_suppressed(key);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Posted>> {
        self.alerts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn<'_> {
    /// How many repeats were not posted since the last time.
    pub(crate) fn suppressed(&self) -> u32 {
        self.suppressed
    }

    /// The alert was posted, with the number of its repeats.
    pub(crate) fn finish(self) {
        self.dedup.posted(self.key);
        if let Some(posted) = self.dedup.lock().get_mut(self.key) {
            posted.suppressed = 0;
        }
    }
}

impl Posted {
    fn is_recent(&self, window: Duration) -> bool {
        self.last.is_some_and(|last| last.elapsed() < window)
    }

    /// Whether it need not be known any longer: two windows after it was posted, so that the next
    /// alert can still mention the repeats of this one.
    fn is_over(&self, key: &str, window: Duration) -> bool {
        let is_needed = Arc::strong_count(&self.turn) > 1
            || self.last.is_some_and(|last| last.elapsed() / 2 < window);
        if !is_needed {
            self.log_suppressed(key);
        }
        !is_needed
    }

    fn log_suppressed(&self, key: &str) {
        let suppressed = self.suppressed;
        if suppressed > 0 {
            tracing::info!(key, suppressed, "repeats of an alert were not posted");
        }
    }
}
