//! A turn of everything else that is ready to run.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Wake, Waker};

/// Lets all other tasks, and all handlers that are ready, have their turn; then wakes the
/// connection that has begun it.
pub(super) struct Turn {
    is_over: AtomicBool,
    connection: Waker,
}

impl Turn {
    /// Begins one. The runtime wakes what yields when it has looked for events, which is also when
    /// its leader leaves it for handlers that are ready.
    pub(super) fn begin(connection: &Waker) -> Arc<Self> {
        let turn = Arc::new(Self {
            is_over: AtomicBool::new(false),
            connection: connection.clone(),
        });
        let waker = Waker::from(turn.clone());
        let yielded = pin!(tokio::task::yield_now());
        let _ = yielded.poll(&mut Context::from_waker(&waker));
        turn
    }

    pub(super) fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }
}

impl Wake for Turn {
    fn wake(self: Arc<Self>) {
        self.is_over.store(true, Ordering::Relaxed);
        self.connection.wake_by_ref();
    }
}
