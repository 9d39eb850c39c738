//! The log, line by line.

use serde_json::{Map, Value};

use crate::check::outcome::{Finding, Outcome};
use crate::check::transcript::Transcript;
use cvtplugin::__command::Redactor;

/// The host's reader takes no longer line as a whole.
const MAX_LINE: usize = 64 * 1024;

/// What the host makes of a line.
#[derive(Debug, PartialEq, Eq)]
enum Line {
    /// A record with its fields.
    Record,
    /// Text, logged at debug.
    Text,
    /// Text too, though it was meant as a record.
    Spoilt(String),
    /// It crashes the host.
    Deadly(String),
}

/// Every record is well formed.
pub(in crate::check) fn check(transcript: &Transcript, redactor: &Redactor) -> Outcome {
    let (mut records, mut texts) = (0, 0);
    let mut spoilt = None;
    for line in &transcript.stderr {
        match judge(line, redactor) {
            Line::Record => records += 1,
            Line::Text => texts += 1,
            Line::Spoilt(why) => spoilt = spoilt.or(Some(why)),
            Line::Deadly(why) => {
                return Err(Finding::fail(
                    format!("{why}: that crashes the host"),
                    "let no field of a log record have a name that hclog keeps for itself: \
                     @level, @message, @timestamp",
                ));
            }
        }
    }
    if let Some(why) = spoilt {
        return Err(Finding::warn(
            format!("{why}: the host logs the bare line at debug"),
            "write lines under 64 KiB, with @level, @message, and an @timestamp that has exactly \
             six fractional digits",
        ));
    }
    match texts {
        0 => Ok(format!("{records} records")),
        n => Err(Finding::warn(
            format!("{n} lines that are not records, beside {records} that are"),
            "log one JSON object a line: hosts show all else at debug alone",
        )),
    }
}

fn judge(line: &[u8], redactor: &Redactor) -> Line {
    if line.len() >= MAX_LINE {
        return Line::Spoilt(format!("a line of {} bytes", line.len()));
    }
    let Ok(Value::Object(record)) = serde_json::from_slice(line) else {
        return Line::Text;
    };
    for key in ["@level", "@message", "@timestamp"] {
        if let Some(value) = record.get(key).filter(|value| !value.is_string()) {
            return Line::Deadly(format!(
                "{key} is {}, no string",
                redactor.redact(&value.to_string())
            ));
        }
    }
    let level = text(&record, "@level").unwrap_or_default();
    // As hclog reads it.
    let known = level.trim().to_lowercase();
    if !["trace", "debug", "info", "warn", "error"].contains(&known.as_str()) {
        return Line::Spoilt(format!("@level is {:?}", redactor.redact(level)));
    }
    match text(&record, "@timestamp") {
        Some(time) if !is_timestamp(time) => {
            Line::Spoilt(format!("@timestamp is {:?}", redactor.redact(time)))
        }
        _ => Line::Record,
    }
}

fn text<'a>(record: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    record.get(key).and_then(Value::as_str)
}

/// Whether a host in Go reads this as a time: RFC 3339 with six fractional digits.
fn is_timestamp(text: &str) -> bool {
    let time = "0000-00-00T00:00:00.000000";
    ["Z", "+00:00", "-00:00"].iter().any(|zone| {
        let pattern = time.bytes().chain(zone.bytes());
        let fits = |(byte, pattern): (u8, u8)| match pattern {
            b'0' => byte.is_ascii_digit(),
            other => byte == other,
        };
        text.len() == time.len() + zone.len() && text.bytes().zip(pattern).all(fits)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_judged_as_the_host_reads_them() {
        let record =
            r#"{"@level":"info","@message":"x","@timestamp":"2026-11-22T13:04:05.000000Z"}"#;
        let offset = record.replace('Z', "+02:00");
        for line in [
            record,
            &offset,
            r#"{"@level":"info","@message":"x"}"#,
            r#"{"@level":" WARN ","@message":"x"}"#,
        ] {
            assert_eq!(
                judge(line.as_bytes(), &Redactor::default()),
                Line::Record,
                "{line}"
            );
        }
        for line in ["plain", "[]", "null", "{", ""] {
            assert_eq!(
                judge(line.as_bytes(), &Redactor::default()),
                Line::Text,
                "{line}"
            );
        }
    }

    #[test]
    fn lines_that_crash_the_host_are_deadly() {
        for (key, value) in [("@message", "42"), ("@level", "3"), ("@timestamp", "null")] {
            let line = format!(r#"{{"@level":"info","@message":"x","{key}":{value}}}"#);
            let Line::Deadly(why) = judge(line.as_bytes(), &Redactor::default()) else {
                panic!("{line} is not deadly");
            };
            assert!(why.contains(key) && why.contains(value), "{why}");
        }
    }

    #[test]
    fn lines_that_the_host_demotes_are_spoilt() {
        let long = format!(
            r#"{{"@level":"info","@message":"{}"}}"#,
            "x".repeat(MAX_LINE)
        );
        for (line, why) in [
            (long.as_str(), "bytes"),
            (r#"{"@message":"x"}"#, "@level"),
            (
                r#"{"@level":"info","@timestamp":"2026-11-22T13:04:05.000Z"}"#,
                "05.000Z",
            ),
            (
                r#"{"@level":"info","@timestamp":"2026-11-22 13:04:05.000000Z"}"#,
                "-22 13",
            ),
        ] {
            let Line::Spoilt(found) = judge(line.as_bytes(), &Redactor::default()) else {
                panic!("{line} is not spoilt");
            };
            assert!(found.contains(why), "{found}");
        }
    }

    #[test]
    fn secrets_are_not_quoted() {
        let redactor = Redactor::from_iter([("token", &"hunter2".into())]);
        for line in [
            r#"{"@level":"hunter2"}"#,
            r#"{"@level":"info","@message":["hunter2"]}"#,
            r#"{"@level":"info","@timestamp":"h\u0075nter2"}"#,
        ] {
            let (Line::Spoilt(found) | Line::Deadly(found)) = judge(line.as_bytes(), &redactor)
            else {
                panic!("{line} is fine");
            };
            assert!(found.contains("[redacted]"), "{found}");
        }
    }
}
