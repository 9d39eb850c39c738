//! The thread that drives the protocol and polls handlers in turn.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;

use super::engine::Shared;
use super::held_wakes;
use super::poller::Poller;
use super::queue::Work;

/// How many handlers are polled before the protocol has its turn again.
const BATCH: usize = 64;

/// The leader's turns at polling handlers, which the supervisor may take from it.
#[derive(Default)]
pub(super) struct Turns(AtomicU64);

/// Marks a turn that was taken from the leader.
const TAKEN: u64 = 1 << 63;

impl Turns {
    /// Begins a turn, during which the number is odd.
    fn begin(&self) -> u64 {
        // Before it looks whether the supervisor is awake, which parks only after a look at this.
        self.0.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// Ends a turn; `false` if it was taken.
    fn end(&self, turn: u64) -> bool {
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

/// Leads until the end, or as long as it is not stuck in a handler.
pub(super) fn lead(shared: &Shared) {
    // While the protocol is driven, its handle is the current one.
    let _author = shared.author.enter();
    let poller = shared.add_poller();
    loop {
        shared.protocol.block_on(until_ready(shared));
        if shared.queue.is_finished() {
            return;
        }
        if !take_turn(shared, &poller) {
            help(shared, &poller);
        }
    }
}

/// Drives the protocol until handlers are ready.
async fn until_ready(shared: &Shared) {
    let mut has_driven = false;
    poll_fn(|context| {
        held_wakes::release();
        shared.queue.register_driver(context.waker());
        if shared.queue.is_finished() {
            return Poll::Ready(());
        }
        if !shared.queue.has_ready() {
            has_driven = true;
            return Poll::Pending;
        }
        if std::mem::replace(&mut has_driven, true) {
            // It looks again before it sleeps.
            shared.queue.forget_driver();
            return Poll::Ready(());
        }
        // The protocol's turn, in which the results of the handlers before are sent.
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Polls the handlers that are ready; `false` if the supervisor has taken over.
fn take_turn(shared: &Shared, poller: &Arc<Poller>) -> bool {
    let turn = shared.turns.begin();
    shared.supervisor.wake();
    held_wakes::hold();
    for _ in 0..BATCH {
        let Some(handler) = shared.queue.pop() else {
            break;
        };
        poller.poll(handler);
    }
    let is_leader = shared.turns.end(turn);
    if !is_leader {
        held_wakes::release();
        shared.queue.finish_poll(|| poller.take_blocked());
    }
    is_leader
}

/// Polls handlers beside the protocol until it can be led again.
fn help(shared: &Shared, poller: &Arc<Poller>) {
    while let Work::Poll(handler) = shared.queue.next_for_leader() {
        poller.poll(handler);
        shared.queue.finish_poll(|| poller.take_blocked());
    }
}
