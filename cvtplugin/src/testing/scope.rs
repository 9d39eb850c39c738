//! Keeps what one plugin logs apart from what others in the same process log.

use std::cell::RefCell;
use std::panic;
use std::sync::Once;

use tracing::Dispatch;
use tracing::dispatcher::DefaultGuard;

use crate::LogRecord;
use crate::host::Capture;
use crate::logging::{self, LineWriter, LogSink};
use crate::redaction::Redactor;

thread_local! {
    /// While it is there, this thread belongs to a plugin.
    static ENTERED: RefCell<Option<DefaultGuard>> = const { RefCell::new(None) };
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

    /// Makes this thread one of the plugin's, until it [leaves](Self::leave).
    pub(super) fn enter(&self) {
        let guard = tracing::dispatcher::set_default(&self.0);
        ENTERED.set(Some(guard));
    }

    /// Takes this thread out of its plugin.
    pub(super) fn leave() {
        drop(ENTERED.take());
    }
}

/// Reads the lines as a host does.
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
            let entered = |guard: &RefCell<Option<DefaultGuard>>| {
                let guard = guard.try_borrow();
                guard.is_ok_and(|guard| guard.is_some())
            };
            if ENTERED.try_with(entered).unwrap_or_default() {
                // Its sink hides the secrets.
                logging::record_panic(panic, &Redactor::default());
            } else {
                previous(panic);
            }
        }));
    });
}
