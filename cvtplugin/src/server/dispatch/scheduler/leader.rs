//! The thread that drives the protocol and polls handlers in turn.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use super::held_wakes;
use super::poller::Poller;
use super::queue::Work;
use super::shared::Shared;

/// How many handlers are polled before the protocol has its turn again.
const BATCH: usize = 64;

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
