//! Threads that poll handlers while the leader is stuck in one.

use std::sync::Arc;
use std::thread;

use super::queue::Work;
use super::shared::Shared;

/// Starts as many helpers as are missing. Where there are too few threads, fewer have to do.
pub(super) fn start_missing(shared: &Arc<Shared>) {
    let missing = shared.queue.add_helpers();
    for started in 0..missing {
        let helper = shared.clone();
        let spawned = thread::Builder::new()
            .name("cvtplugin-handler".into())
            .spawn(move || help(&helper));
        if spawned.is_err() {
            shared.queue.remove_helpers(missing - started);
            return;
        }
    }
}

fn help(shared: &Shared) {
    let _hook = shared.hook.enter();
    let _author = shared.author.enter();
    let poller = shared.add_poller();
    while let Work::Poll(handler) = shared.queue.next_for_helper() {
        poller.poll(handler);
        shared.queue.finish_poll(|| poller.take_blocked());
    }
}
