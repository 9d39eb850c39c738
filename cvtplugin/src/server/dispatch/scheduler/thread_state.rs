//! Whether a thread uses the CPU or waits for something.

/// A thread of this process.
#[derive(Clone, Copy)]
pub(super) struct ThreadId {
    #[cfg(target_os = "linux")]
    id: rustix::process::Pid,
}

impl ThreadId {
    /// The thread that asks.
    pub(super) fn current() -> Self {
        Self {
            #[cfg(target_os = "linux")]
            id: rustix::thread::gettid(),
        }
    }

    /// Whether the thread waits: for a lock, a timer, a disk, a peer. Where the system does not
    /// say, a thread is taken to wait.
    #[cfg(target_os = "linux")]
    pub(super) fn is_waiting(self) -> bool {
        let path = format!("/proc/self/task/{}/stat", self.id.as_raw_nonzero());
        let stat = std::fs::read_to_string(path).unwrap_or_default();
        // The name before the state is in parentheses, and may hold anything.
        let state = stat.rsplit_once(") ").map(|(_, rest)| rest);
        !state.is_some_and(|state| state.starts_with('R'))
    }

    #[cfg(not(target_os = "linux"))]
    pub(super) fn is_waiting(self) -> bool {
        true
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::sync::mpsc;
    use std::thread;

    use super::*;

    #[test]
    fn blocked_thread_is_seen_as_waiting() {
        assert!(!ThreadId::current().is_waiting());
        let (end, ended) = mpsc::channel::<()>();
        let (tell, told) = mpsc::channel();
        let blocked = thread::spawn(move || {
            let _ = tell.send(ThreadId::current());
            let _ = ended.recv();
        });
        let thread = told.recv().expect("a thread");
        while !thread.is_waiting() {
            thread::yield_now();
        }
        drop(end);
        assert!(blocked.join().is_ok());
    }
}
