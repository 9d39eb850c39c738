//! Panics become one log record each, instead of the default's lines on stderr.

use std::backtrace::Backtrace;
use std::ffi::OsStr;
use std::panic::{self, PanicHookInfo};
use std::time::Duration;

use super::{LogSink, frames};
use crate::redaction::Redactor;

/// How long a process that aborts waits for its last record to get out.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(1);

/// How much of a panic's message is logged.
const MAX_MESSAGE: usize = 32 * 1024;

/// Logs every panic of this process as one error record.
pub(crate) fn record_panics(sink: LogSink) {
    panic::set_hook(Box::new(move |panic| {
        record(panic, sink.redactor());
        if cfg!(panic = "abort") {
            // The process ends when this returns.
            sink.flush(FLUSH_TIMEOUT);
        }
    }));
}

/// Logs one panic of this thread: where, with what message, and, if `RUST_BACKTRACE` asks for it,
/// by which way it came there.
pub(crate) fn record(panic: &PanicHookInfo<'_>, redactor: &Redactor) {
    let location = panic.location().map(ToString::to_string);
    let location = location.as_deref().unwrap_or("an unknown place");
    let thread = std::thread::current();
    let frames = frames_wanted(std::env::var_os("RUST_BACKTRACE").as_deref());
    tracing::error!(
        target: "panic",
        location,
        thread = thread.name().unwrap_or_default(),
        backtrace = frames,
        "panicked at {location}: {}",
        // The subscriber may be the author's, which hides nothing.
        redactor.redact_start(message(panic), MAX_MESSAGE)
    );
}

/// The frames of this thread, as many as the variable asks for. To find their names takes longer
/// than a call should, the first time.
fn frames_wanted(variable: Option<&OsStr>) -> Option<String> {
    match variable?.to_str() {
        Some("" | "0") => None,
        Some("full") => Some(Backtrace::force_capture().to_string()),
        _ => Some(frames::of_plugin(&Backtrace::force_capture().to_string())),
    }
}

fn message<'a>(panic: &'a PanicHookInfo<'_>) -> &'a str {
    let payload = panic.payload();
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("with a payload that is not text")
}
