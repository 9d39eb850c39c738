//! A plain `fn` may block its thread: other calls go on meanwhile.

use std::thread;
use std::time::Duration;

use cvtplugin::prelude::*;

/// Blocks, on a runtime with a single thread.
#[derive(Default)]
pub struct Blocker;

#[cvt_plugin(name = "blocker", main = false, worker_threads = 1)]
impl Blocker {
    fn new() -> Self {
        thread::sleep(Duration::from_millis(50));
        Self
    }

    fn on_breaking_change_detected(&self, _: BreakingChangeDetectedRequest) -> Result<()> {
        thread::sleep(Duration::from_millis(500));
        Ok(())
    }

    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}
