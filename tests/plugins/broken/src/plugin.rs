//! What the plugin knows while it runs.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;

use crate::Fault;

pub(crate) struct Plugin {
    pub(crate) fault: Fault,
    token: Mutex<String>,
    fetches: AtomicU32,
    ended: watch::Sender<bool>,
}

impl Plugin {
    pub(crate) fn new(fault: Fault) -> Self {
        Self {
            fault,
            token: Mutex::default(),
            fetches: AtomicU32::new(0),
            ended: watch::Sender::new(false),
        }
    }

    /// Begins the end.
    pub(crate) fn end(&self) {
        self.ended.send_replace(true);
    }

    /// Waits for the end.
    pub(crate) async fn ended(&self) {
        // The sender is ours.
        let _ = self.ended.subscribe().wait_for(|ended| *ended).await;
    }

    pub(crate) fn set_token(&self, value: String) {
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = value;
    }

    pub(crate) fn token(&self) -> String {
        let token = self.token.lock();
        token.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Counts a call, and returns how many there were before.
    pub(crate) fn count_fetch(&self) -> u32 {
        self.fetches.fetch_add(1, Ordering::Relaxed)
    }
}
