//! Keeps the log of one plugin apart from those of others in the same process.

use std::cell::Cell;
use std::panic;
use std::sync::Once;

use tracing::Dispatch;
use tracing::dispatcher::DefaultGuard;

use crate::LogRecord;
use crate::host::Capture;
use crate::logging::{self, LineWriter, LogSink};
use crate::redaction::Redactor;

thread_local! {
    /// Whether this thread belongs to a plugin.
    static IS_ENTERED: Cell<bool> = const { Cell::new(false) };
}

/// Where the threads of one plugin log to. Cheap to clone.
#[derive(Clone)]
pub(super) struct Scope(Dispatch);

impl Scope {
    /// For a plugin of this name, whose log goes to `capture`.
    pub(super) fn new(name: &str, capture: Capture, redactor: Redactor) -> Self {
        record_panics();
        let sink = LogSink::writing_to(Records(capture), name, redactor);
        Self(logging::send_everything(&sink))
    }

    /// Makes this thread one of the plugin's, until the guard is dropped.
    pub(super) fn enter(&self) -> Entered {
        let guard = tracing::dispatcher::set_default(&self.0);
        IS_ENTERED.set(true);
        Entered(guard)
    }
}

/// A thread that belongs to a plugin until this is dropped.
pub(super) struct Entered(#[expect(dead_code, reason = "dropped")] DefaultGuard);

impl Drop for Entered {
    fn drop(&mut self) {
        // The thread may be ending.
        let _ = IS_ENTERED.try_with(|entered| entered.set(false));
    }
}

/// Parses lines as a host does.
struct Records(Capture);

impl LineWriter for Records {
    fn write_line(&self, line: &str) {
        if let Some(record) = LogRecord::parse(line.trim_end()) {
            self.0.keep_log(record);
        }
    }
}

/// Records the panics on threads of plugins, and leaves all others to the hook that is there.
fn record_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if IS_ENTERED.try_with(Cell::get).unwrap_or_default() {
                // Its sink hides the secrets.
                logging::record_panic(panic, &Redactor::default());
            } else {
                previous(panic);
            }
        }));
    });
}
