//! A thread that polls handlers, as the supervisor sees it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::queue::ReadyHandler;
use super::thread_state::ThreadId;

/// A thread that polls handlers.
pub(super) struct Poller {
    thread: ThreadId,
    /// How many polls have begun and ended: odd during one.
    polls: AtomicU64,
    handler: Mutex<&'static str>,
    seen: Mutex<Seen>,
}

/// What the supervisor has seen of a poller.
struct Seen {
    poll: u64,
    since: Instant,
    /// Whether the queue counts it as blocked.
    is_blocked: bool,
}

/// What a look at a poller shows.
pub(super) enum Look {
    /// It polls nothing, or something that has just begun.
    Fine,
    /// It has polled the same since the look before: on the CPU, or already known to be blocked.
    Stuck(Stuck),
    /// As [`Stuck`](Self::Stuck), and waits for something, which the queue does not know yet.
    Blocked(Stuck, u64),
}

/// A poll that does not end.
pub(super) struct Stuck {
    pub(super) handler: &'static str,
    pub(super) elapsed: Duration,
    pub(super) is_on_cpu: bool,
}

impl Poller {
    /// For the thread that asks.
    pub(super) fn new() -> Self {
        Self {
            thread: ThreadId::current(),
            polls: AtomicU64::new(0),
            handler: Mutex::new(""),
            seen: Mutex::new(Seen {
                poll: 0,
                since: Instant::now(),
                is_blocked: false,
            }),
        }
    }

    /// Polls a handler once.
    pub(super) fn poll(&self, handler: ReadyHandler) {
        *lock(&self.handler) = handler.metadata();
        self.polls.fetch_add(1, Ordering::Release);
        // A handler's panic is caught where it is polled, but not that of its drop: the panic hook
        // has recorded it.
        drop(catch_unwind(AssertUnwindSafe(|| handler.run())));
        self.polls.fetch_add(1, Ordering::Release);
    }

    /// Whether the poll that has just ended counted as blocked, which it no longer does.
    pub(super) fn take_blocked(&self) -> bool {
        std::mem::take(&mut lock(&self.seen).is_blocked)
    }

    /// Looks at the thread; to be repeated after a while.
    pub(super) fn look(&self, now: Instant) -> Look {
        let poll = self.current_poll();
        let mut seen = lock(&self.seen);
        let Some(poll) = poll else {
            return Look::Fine;
        };
        if seen.poll != poll {
            seen.poll = poll;
            seen.since = now;
            return Look::Fine;
        }
        let is_waiting = seen.is_blocked || self.thread.is_waiting();
        let stuck = Stuck {
            handler: *lock(&self.handler),
            elapsed: now.saturating_duration_since(seen.since),
            is_on_cpu: !is_waiting,
        };
        if is_waiting && !seen.is_blocked {
            Look::Blocked(stuck, poll)
        } else {
            Look::Stuck(stuck)
        }
    }

    /// Counts the poll as blocked, if it has not ended meanwhile.
    pub(super) fn mark_blocked(&self, poll: u64) -> bool {
        let mut seen = lock(&self.seen);
        seen.is_blocked = self.current_poll() == Some(poll);
        seen.is_blocked
    }

    fn current_poll(&self) -> Option<u64> {
        let polls = self.polls.load(Ordering::Acquire);
        (polls % 2 == 1).then_some(polls)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
