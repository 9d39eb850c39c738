//! How many connections are open: what the accept loop knows, and the watch on the host needs.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts the plugin's connections. Cheap to clone: all clones count together.
#[derive(Clone, Debug, Default)]
pub(crate) struct ConnectionCount(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    open: AtomicUsize,
    accepted: AtomicUsize,
}

/// Counts one connection as open until it is dropped.
#[derive(Debug)]
pub(crate) struct OpenConnection(Arc<Counts>);

impl ConnectionCount {
    /// Counts a connection that has been accepted.
    #[must_use]
    pub(crate) fn open(&self) -> OpenConnection {
        self.0.open.fetch_add(1, Ordering::Relaxed);
        self.0.accepted.fetch_add(1, Ordering::Relaxed);
        OpenConnection(self.0.clone())
    }

    /// How many are open.
    pub(super) fn open_now(&self) -> usize {
        self.0.open.load(Ordering::Relaxed)
    }

    /// How many there have been, those that are open included.
    pub(super) fn accepted(&self) -> usize {
        self.0.accepted.load(Ordering::Relaxed)
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::Relaxed);
    }
}
