//! Panics become one log record each, instead of the default's lines on stderr.

use std::backtrace::Backtrace;
use std::panic::{self, PanicHookInfo};
use std::time::Duration;

use super::LogSink;
use crate::redaction::Redactor;

/// How long a process that aborts waits for its last record to get out.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Logs every panic of this process as one error record with its place and backtrace.
pub(crate) fn record_panics(sink: LogSink) {
    panic::set_hook(Box::new(move |panic| {
        record(panic, sink.redactor());
        if cfg!(panic = "abort") {
            // The process ends when this returns.
            sink.flush(LAST_WORDS);
        }
    }));
}

/// Logs one panic of this thread.
pub(crate) fn record(panic: &PanicHookInfo<'_>, redactor: &Redactor) {
    let location = panic.location().map(ToString::to_string);
    let thread = std::thread::current();
    tracing::error!(
        target: "panic",
        location = location.unwrap_or_default(),
        thread = thread.name().unwrap_or_default(),
        backtrace = %Backtrace::force_capture(),
        "the plugin panicked: {}",
        // The subscriber may be the author's, which hides nothing.
        redactor.redact(message(panic))
    );
}

fn message<'a>(panic: &'a PanicHookInfo<'_>) -> &'a str {
    let payload = panic.payload();
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("with a payload that is no text")
}
