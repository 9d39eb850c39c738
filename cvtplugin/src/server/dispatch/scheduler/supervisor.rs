//! The thread that sees to it that the protocol is driven, whatever handlers do.

use std::collections::BTreeSet;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::Poll;
use std::thread;
use std::time::{Duration, Instant};

use tokio::time::MissedTickBehavior;

use super::helpers;
use super::poller::{Look, Stuck};
use super::shared::Shared;

/// How often it looks at the leader, while that polls handlers.
const PERIOD: Duration = Duration::from_millis(5);

/// How long the leader may poll handlers before the supervisor takes over.
const TURN: Duration = Duration::from_millis(2);

/// How often it looks while there are handlers, but none is polled.
const RESTING_PERIOD: Duration = Duration::from_millis(50);

/// After so many looks at a leader that polls nothing, it rests.
const LOOKS: u32 = 20;

/// An async handler has no business between two awaits for this long.
const BLOCKED: Duration = Duration::from_millis(200);

/// Supervises on this thread, until `has_ended`.
pub(super) fn supervise(shared: &Arc<Shared>, has_ended: impl Fn() -> bool) {
    let _ = shared.supervisor.thread.set(thread::current());
    let mut warned = BTreeSet::new();
    let mut looks = 0;
    let (mut last_turn, _) = shared.turns.current();
    let mut looked_after = Instant::now();
    while !has_ended() {
        let (turn, is_polling) = shared.turns.current();
        looks = if turn == last_turn { looks + 1 } else { 0 };
        last_turn = turn;
        if is_polling {
            thread::park_timeout(TURN);
            if take_over(shared, turn) {
                drive(shared, &has_ended, &mut warned);
            }
        } else if looks < LOOKS {
            thread::park_timeout(PERIOD);
        } else {
            rest(shared, turn);
            looks = 0;
        }
        if looked_after.elapsed() >= RESTING_PERIOD {
            looked_after = Instant::now();
            look_after_author(shared);
        }
    }
}

/// Sleeps until the leader polls a handler, or for a while if handlers wait for something.
fn rest(shared: &Shared, turn: u64) {
    shared.supervisor.is_awake.store(false, Ordering::SeqCst);
    if shared.turns.current().0 == turn {
        if shared.queue.live.is_empty() {
            thread::park();
        } else {
            thread::park_timeout(RESTING_PERIOD);
        }
    }
    shared.supervisor.is_awake.store(true, Ordering::SeqCst);
}

/// Lets a thread of the author's runtime look after its timers and connections: one that is
/// stuck in a task may have been the one that did.
fn look_after_author(shared: &Shared) {
    if !shared.queue.live.is_empty() {
        shared.author.spawn(async {});
    }
}

/// Takes over from a leader that is still in this turn.
fn take_over(shared: &Shared, turn: u64) -> bool {
    let take = || shared.turns.take(turn);
    shared.turns.current().0 == turn && shared.queue.hand_over(shared.cpu_limit(), take)
}

/// Drives the protocol until the leader can, or the end.
fn drive(shared: &Arc<Shared>, has_ended: &impl Fn() -> bool, warned: &mut BTreeSet<&'static str>) {
    shared.protocol.block_on(async {
        let mut ticks = tokio::time::interval(TURN);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut ticks = pin!(ticks);
        poll_fn(|context| {
            if !shared.queue.register_supervisor(context.waker()) || has_ended() {
                return Poll::Ready(());
            }
            while ticks.as_mut().poll_tick(context).is_ready() {
                look(shared, warned);
                look_after_author(shared);
            }
            helpers::start_missing(shared);
            Poll::Pending
        })
        .await;
    });
}

/// Looks at all pollers.
fn look(shared: &Shared, warned: &mut BTreeSet<&'static str>) {
    let now = Instant::now();
    let mut is_cpu_bound = false;
    let mut blocked = Vec::new();
    for poller in shared.pollers() {
        let stuck = match poller.look(now) {
            Look::Fine => continue,
            Look::Stuck(stuck) => stuck,
            Look::Blocked(stuck, poll) => {
                blocked.push((poller, poll));
                stuck
            }
        };
        is_cpu_bound |= stuck.is_on_cpu;
        if stuck.elapsed > BLOCKED && warned.insert(stuck.handler) {
            warn(&stuck);
        }
    }
    shared.queue.observe(is_cpu_bound, || {
        let marked = blocked
            .iter()
            .filter(|(poller, poll)| poller.mark_blocked(*poll));
        marked.count()
    });
}

fn warn(stuck: &Stuck) {
    tracing::warn!(
        elapsed = ?stuck.elapsed,
        "{} blocks a thread that other calls need: make its method a plain `fn`, which may block, \
         or use `tokio::task::spawn_blocking`",
        stuck.handler
    );
}
