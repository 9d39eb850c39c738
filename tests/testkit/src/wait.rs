//! Waiting for events.

use std::time::Duration;

use tokio::time::{sleep, timeout};

/// How long anything that is awaited may take: a limit for a test that failed, not a measure.
pub const TIMEOUT: Duration = Duration::from_secs(20);

/// Waits for what must happen, and fails when it does not.
pub async fn soon<T>(what: &str, event: impl Future<Output = T>) -> T {
    let happened = timeout(TIMEOUT, event).await;
    happened.unwrap_or_else(|_| panic!("still waiting for {what}"))
}

/// Waits for a state of the world of which there is no event, by looking again and again.
pub async fn until(what: &str, is_so: impl Fn() -> bool) {
    let look = async {
        while !is_so() {
            sleep(Duration::from_millis(10)).await;
        }
    };
    soon(what, look).await;
}
