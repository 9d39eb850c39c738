//! The log: hclog's JSON lines on stderr.

use serde_json::{Value, json};

use crate::Fault;

/// A line that is too long for the host.
const TOO_LONG: usize = 70_000;

pub(crate) fn info(fault: Fault, message: &str) {
    let message: Value = match fault {
        Fault::NumericMessage => 42.into(),
        Fault::LongLines => "x".repeat(TOO_LONG).into(),
        _ => message.into(),
    };
    let timestamp = match fault {
        Fault::OddTimestamps => "2026-11-22T13:04:05.000Z",
        _ => "2026-11-22T13:04:05.000000Z",
    };
    let record = json!({"@level": "info", "@message": message, "@timestamp": timestamp});
    eprintln!("{record}");
}
