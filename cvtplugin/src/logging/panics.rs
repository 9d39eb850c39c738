//! Panics become one log record each, instead of the default's lines on stderr.

use std::backtrace::Backtrace;
use std::panic::{self, PanicHookInfo};

/// Logs every panic of this process as one error record with its place and backtrace.
///
/// The record is complete when the hook returns, so that it gets out under `panic = "abort"` too.
pub(crate) fn record_panics() {
    panic::set_hook(Box::new(record));
}

/// Logs one panic of this thread.
pub(crate) fn record(panic: &PanicHookInfo<'_>) {
    let location = panic.location().map(ToString::to_string);
    let thread = std::thread::current();
    tracing::error!(
        target: "panic",
        location = location.unwrap_or_default(),
        thread = thread.name().unwrap_or_default(),
        backtrace = %Backtrace::force_capture(),
        "the plugin panicked: {}",
        message(panic)
    );
}

fn message<'a>(panic: &'a PanicHookInfo<'_>) -> &'a str {
    let payload = panic.payload();
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("with a payload that is no text")
}
