//! The handlers that are ready, and who may poll them.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::Duration;

use async_task::Runnable;
use futures_util::task::AtomicWaker;

/// A handler that is ready to be polled, and its name.
pub(super) type ReadyHandler = Runnable<&'static str>;

/// How many handlers have begun and not ended.
#[derive(Default)]
pub(super) struct LiveHandlers(pub(super) AtomicUsize);

impl LiveHandlers {
    pub(super) fn is_empty(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }
}

/// Threads that may poll handlers besides the leader. As many handlers may block their threads
/// before others have to wait.
const MAX_HELPERS: usize = 1024;

/// How long a helper waits for a handler before it ends.
const IDLE: Duration = Duration::from_secs(1);

/// What the leader, the supervisor and the helpers share.
#[derive(Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
    /// Wakes the thread that drives the protocol.
    driver: AtomicWaker,
    pub(super) live: LiveHandlers,
}

#[derive(Default)]
struct State {
    ready: VecDeque<ReadyHandler>,
    /// How many handlers may use the CPU at once, once handed over.
    limit: usize,
    /// Whether the supervisor drives the protocol, and helpers poll.
    is_handed_over: bool,
    /// Handlers that are being polled, once handed over.
    running: usize,
    /// How many of them wait for something instead of using the CPU.
    blocked: usize,
    /// Whether any of them is known to use the CPU for long.
    is_cpu_bound: bool,
    helpers: usize,
    /// Helpers, and the former leader, that wait for a handler.
    idle: usize,
    is_finished: bool,
}

impl State {
    /// How many handlers may be polled at once.
    ///
    /// As long as all that is seen blocks, as many more are started as are blocked already: so it
    /// takes few looks until each of hundreds has a thread.
    fn allowed(&self) -> usize {
        let ahead = if self.is_cpu_bound { 0 } else { self.blocked };
        self.limit + self.blocked + ahead
    }

    fn has_room(&self) -> bool {
        self.is_handed_over && self.running < self.allowed()
    }

    /// Whether the leader may lead again.
    fn is_calm(&self) -> bool {
        self.running == 0 && self.ready.is_empty()
    }

    fn missing_helpers(&self) -> usize {
        if !self.has_room() {
            return 0;
        }
        let wanted = self.ready.len().min(self.allowed() - self.running);
        wanted
            .saturating_sub(self.idle)
            .min(MAX_HELPERS - self.helpers)
    }
}

/// What there is to do for a thread that polls handlers beside the protocol.
pub(super) enum Work {
    Poll(ReadyHandler),
    /// For the leader: to lead again. For a helper: to end.
    Leave,
}

impl Queue {
    /// Adds a handler that is ready to be polled.
    pub(super) fn push(&self, handler: ReadyHandler) {
        let mut state = self.lock();
        if state.is_finished {
            drop(state);
            // Nobody polls it any more. Its drop is the author's code.
            drop(handler);
            return;
        }
        let is_first = state.ready.is_empty();
        state.ready.push_back(handler);
        let has_helper = state.has_room() && state.idle > 0;
        let wakes_driver = state.is_handed_over || is_first;
        drop(state);
        if has_helper {
            self.changed.notify_one();
        } else if wakes_driver {
            self.driver.wake();
        }
    }

    /// The next handler for the leader, unless it has been replaced.
    pub(super) fn pop(&self) -> Option<ReadyHandler> {
        let mut state = self.lock();
        if state.is_handed_over {
            return None;
        }
        state.ready.pop_front()
    }

    pub(super) fn has_ready(&self) -> bool {
        !self.lock().ready.is_empty()
    }

    pub(super) fn is_finished(&self) -> bool {
        self.lock().is_finished
    }

    /// Hands the polling over to helpers if `take` says so, `limit` of which may use the CPU: a
    /// handler that the leader is polling is one of those that run from now on.
    pub(super) fn hand_over(&self, limit: usize, take: impl FnOnce() -> bool) -> bool {
        let mut state = self.lock();
        state.is_handed_over = take();
        if state.is_handed_over {
            state.limit = limit;
            state.running = 1;
            state.blocked = 0;
            state.is_cpu_bound = false;
        }
        state.is_handed_over
    }

    /// Ends one poll, of a handler that was seen to be blocked or not.
    pub(super) fn finish_poll(&self, was_blocked: impl FnOnce() -> bool) {
        let mut state = self.lock();
        state.running -= 1;
        if was_blocked() {
            state.blocked -= 1;
        }
        let wakes_all = state.is_calm() && state.idle > 0;
        drop(state);
        if wakes_all {
            self.changed.notify_all();
        }
    }

    /// Waits for something to do for the former leader.
    pub(super) fn next_for_leader(&self) -> Work {
        let mut state = self.lock();
        loop {
            if state.is_finished {
                return Work::Leave;
            }
            if state.is_calm() {
                state.is_handed_over = false;
                drop(state);
                // The supervisor is to leave the protocol.
                self.driver.wake();
                return Work::Leave;
            }
            if let Some(handler) = take(&mut state) {
                return Work::Poll(handler);
            }
            state.idle += 1;
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
            state.idle -= 1;
        }
    }

    /// Waits for something to do for a helper.
    pub(super) fn next_for_helper(&self) -> Work {
        let mut state = self.lock();
        loop {
            if state.is_finished {
                break;
            }
            if let Some(handler) = take(&mut state) {
                return Work::Poll(handler);
            }
            state.idle += 1;
            let (woken, waited) = self
                .changed
                .wait_timeout(state, IDLE)
                .unwrap_or_else(PoisonError::into_inner);
            state = woken;
            state.idle -= 1;
            if waited.timed_out() && (state.ready.is_empty() || !state.has_room()) {
                break;
            }
        }
        state.helpers -= 1;
        Work::Leave
    }

    /// How many helpers are to be started; they count from now on.
    pub(super) fn add_helpers(&self) -> usize {
        let mut state = self.lock();
        let missing = state.missing_helpers();
        state.helpers += missing;
        missing
    }

    /// Helpers that could not be started do not count.
    pub(super) fn remove_helpers(&self, count: usize) {
        self.lock().helpers -= count;
    }

    /// Keeps what a look at the pollers has shown: `mark` says how many more are blocked, and runs
    /// while none of them can end.
    pub(super) fn observe(&self, is_cpu_bound: bool, mark: impl FnOnce() -> usize) {
        let mut state = self.lock();
        state.blocked += mark();
        state.is_cpu_bound = is_cpu_bound;
        let has_work = state.has_room() && state.idle > 0 && !state.ready.is_empty();
        drop(state);
        if has_work {
            self.changed.notify_all();
        }
    }

    /// Wakes the thread that drives the protocol with `waker` from now on.
    pub(super) fn register_driver(&self, waker: &Waker) {
        self.driver.register(waker);
    }

    /// Wakes the supervisor with `waker` from now on; `false` if it is no longer to drive.
    ///
    /// Decided under the lock: the leader registers itself after it has taken the protocol back,
    /// and must not be replaced by a supervisor that is about to leave.
    pub(super) fn register_supervisor(&self, waker: &Waker) -> bool {
        let state = self.lock();
        if state.is_handed_over {
            self.driver.register(waker);
        }
        state.is_handed_over
    }

    /// Wakes no driver until the next is registered: it looks by itself.
    pub(super) fn forget_driver(&self) {
        drop(self.driver.take());
    }

    /// Wakes the thread that drives the protocol.
    pub(super) fn wake_driver(&self) {
        self.driver.wake();
    }

    /// Ends the scheduler: nothing is polled from now on. Returns what was ready, whose drop is
    /// the author's code.
    pub(super) fn finish(&self) -> VecDeque<ReadyHandler> {
        let mut state = self.lock();
        state.is_finished = true;
        let left = std::mem::take(&mut state.ready);
        drop(state);
        self.driver.wake();
        self.changed.notify_all();
        left
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn take(state: &mut State) -> Option<ReadyHandler> {
    let handler = state
        .has_room()
        .then(|| state.ready.pop_front())
        .flatten()?;
    state.running += 1;
    Some(handler)
}

#[cfg(test)]
mod tests;
