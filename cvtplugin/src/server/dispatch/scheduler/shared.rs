//! What all threads of a plugin share: runtimes, the queue, the leader's turns, the supervisor's
//! rest.

use std::num::NonZero;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::thread::{self, Thread};

use tokio::runtime::{Handle, Runtime};

use super::poller::Poller;
use super::queue::Queue;
use super::thread_hook::ThreadHook;

/// What all threads share.
pub(super) struct Shared {
    pub(super) protocol: Runtime,
    pub(super) author: Handle,
    pub(super) queue: Arc<Queue>,
    pub(super) turns: Turns,
    pub(super) supervisor: Wakeup,
    pub(super) hook: ThreadHook,
    pollers: Mutex<Vec<Weak<Poller>>>,
    cpu_limit: OnceLock<usize>,
}

impl Shared {
    /// `cpu_limit` says how many handlers may use the CPU at once: as many as there are cores for
    /// `None`.
    pub(super) fn new(
        protocol: Runtime,
        author: Handle,
        cpu_limit: Option<usize>,
        hook: ThreadHook,
    ) -> Self {
        Self {
            protocol,
            author,
            queue: Arc::default(),
            turns: Turns::default(),
            supervisor: Wakeup::default(),
            hook,
            pollers: Mutex::default(),
            cpu_limit: cpu_limit.map_or_else(OnceLock::new, OnceLock::from),
        }
    }

    /// How many handlers may use the CPU at once. Counting cores reads files of the control group,
    /// which the start can do without.
    pub(super) fn cpu_limit(&self) -> usize {
        let cores = || thread::available_parallelism().map_or(1, NonZero::get);
        *self.cpu_limit.get_or_init(cores)
    }

    /// Adds the thread that asks.
    pub(super) fn add_poller(&self) -> Arc<Poller> {
        let poller = Arc::new(Poller::new());
        let mut pollers = self.pollers.lock().unwrap_or_else(PoisonError::into_inner);
        pollers.retain(|poller| poller.strong_count() > 0);
        pollers.push(Arc::downgrade(&poller));
        poller
    }

    pub(super) fn pollers(&self) -> Vec<Arc<Poller>> {
        let pollers = self.pollers.lock().unwrap_or_else(PoisonError::into_inner);
        pollers.iter().filter_map(Weak::upgrade).collect()
    }
}

/// The leader's turns at polling handlers, which the supervisor may take from it.
#[derive(Default)]
pub(super) struct Turns(AtomicU64);

/// Marks a turn that was taken from the leader.
const TAKEN: u64 = 1 << 63;

impl Turns {
    /// Begins a turn, during which the number is odd.
    pub(super) fn begin(&self) -> u64 {
        // Before it looks whether the supervisor is awake, which parks only after a look at this.
        self.0.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// Ends a turn; `false` if it was taken.
    pub(super) fn end(&self, turn: u64) -> bool {
        let is_mine = self
            .0
            .compare_exchange(turn, turn + 1, Ordering::SeqCst, Ordering::SeqCst)
            .is_ok();
        if !is_mine {
            self.0.store(turn + 1, Ordering::SeqCst);
        }
        is_mine
    }

    /// The turn that has begun last, and whether it goes on.
    pub(super) fn current(&self) -> (u64, bool) {
        let turn = self.0.load(Ordering::SeqCst);
        (turn, turn % 2 == 1)
    }

    /// Takes a turn that goes on.
    pub(super) fn take(&self, turn: u64) -> bool {
        self.0
            .compare_exchange(turn, turn | TAKEN, Ordering::SeqCst, Ordering::SeqCst)
            .is_ok()
    }
}

/// How the supervisor is woken. Before it runs, there is nobody to wake.
#[derive(Default)]
pub(super) struct Wakeup {
    pub(super) thread: OnceLock<Thread>,
    pub(super) is_awake: AtomicBool,
}

impl Wakeup {
    /// Wakes the supervisor if it rests.
    pub(super) fn wake(&self) {
        if !self.is_awake.load(Ordering::SeqCst) {
            self.wake_now();
        }
    }

    fn wake_now(&self) {
        self.is_awake.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.get() {
            thread.unpark();
        }
    }

    /// Wakes the supervisor for the end.
    pub(super) fn end(&self) {
        self.wake_now();
    }
}
