//! What may block, and must not hold up the end.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Runs `task` on a thread of its own, and waits for it, but not for longer than `budget`.
pub(crate) fn within(budget: Duration, task: impl FnOnce() + Send + 'static) {
    let (done, ended) = mpsc::channel::<()>();
    let spawned = thread::Builder::new().spawn(move || {
        task();
        drop(done);
    });
    if spawned.is_ok() {
        // Nothing is ever sent: the wait ends with the thread.
        let _ = ended.recv_timeout(budget);
    }
}
