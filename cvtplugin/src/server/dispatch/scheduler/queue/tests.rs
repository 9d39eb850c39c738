//! Who is woken when the protocol changes hands.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Wake, Waker};

use super::*;

/// A thread that may drive the protocol, and how often it was woken.
#[derive(Default)]
struct Driver(AtomicUsize);

impl Driver {
    fn new() -> (Arc<Self>, Waker) {
        let driver = Arc::new(Self::default());
        (driver.clone(), driver.into())
    }

    fn wakes(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

impl Wake for Driver {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// A queue whose leader was stuck in a handler that has just ended.
fn handed_over() -> Queue {
    let queue = Queue::default();
    assert!(queue.hand_over(1, || true));
    queue.finish_poll(|| false);
    queue
}

#[test]
fn leader_that_leads_again_is_not_replaced_by_a_supervisor_that_leaves() {
    let queue = handed_over();
    assert!(matches!(queue.next_for_leader(), Work::Leave));
    let (leader, waker) = Driver::new();
    queue.register_driver(&waker);
    // Last: it was woken to leave, and has only now its turn.
    let (supervisor, waker) = Driver::new();
    assert!(!queue.register_supervisor(&waker), "it is to leave");
    queue.wake_driver();
    assert_eq!((leader.wakes(), supervisor.wakes()), (1, 0));
}

#[test]
fn supervisor_drives_while_the_leader_is_stuck() {
    let queue = Queue::default();
    let (leader, waker) = Driver::new();
    queue.register_driver(&waker);
    assert!(queue.hand_over(1, || true));
    let (supervisor, waker) = Driver::new();
    assert!(queue.register_supervisor(&waker), "it is to drive");
    queue.wake_driver();
    assert_eq!((leader.wakes(), supervisor.wakes()), (0, 1));
}

#[test]
fn supervisor_is_woken_to_leave() {
    let queue = handed_over();
    let (supervisor, waker) = Driver::new();
    assert!(queue.register_supervisor(&waker), "it drives");
    assert!(matches!(queue.next_for_leader(), Work::Leave));
    assert_eq!(supervisor.wakes(), 1);
}
