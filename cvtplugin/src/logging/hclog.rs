//! hclog's JSON lines: how a plugin's log records reach the host. Pure.

use std::iter::successors;

use serde_json::{Map, Value};
use tracing::Level;

use crate::redaction::cut;

/// The host's reader takes lines of up to 64 KiB; this leaves room for JSON's escapes.
pub(super) const MAX_LINE: usize = 60 * 1024;

/// A record whose texts would have to be cut shorter than this has too many fields.
const MIN_TEXT: usize = 64;

/// The keys that hclog keeps for itself. A host crashes on one of them with a value that is no
/// string, so no field may ever take such a name.
const RESERVED: [&str; 4] = ["@level", "@message", "@module", "@timestamp"];

/// One record of a plugin's log.
///
/// ```
/// use cvtplugin::LogRecord;
///
/// fn print(record: LogRecord) {
///     let schema = record.fields.get("schema").and_then(|it| it.as_str());
///     println!("{} {} ({})", record.level, record.message, schema.unwrap_or("no schema"));
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LogRecord {
    /// How severe it is.
    pub level: Level,
    /// What happened.
    pub message: String,
    /// Who says so: the name of the logger, or empty.
    pub module: String,
    /// When, in RFC 3339 with six fractional digits, or empty.
    pub timestamp: String,
    /// Everything else.
    pub fields: Map<String, Value>,
}

impl LogRecord {
    pub(crate) fn new(level: Level, module: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            level,
            message: message.into(),
            module: module.into(),
            timestamp: String::new(),
            fields: Map::new(),
        }
    }

    /// Reads one line of a plugin's stderr; `None` if it is not an hclog record.
    pub fn parse(line: &str) -> Option<Self> {
        let Ok(Value::Object(mut fields)) = serde_json::from_str(line) else {
            return None;
        };
        let mut take = |key: &str| match fields.remove(key) {
            None => Some(String::new()),
            Some(Value::String(text)) => Some(text),
            Some(_) => None,
        };
        let level = level_named(&take("@level")?)?;
        Some(Self {
            level,
            message: take("@message")?,
            module: take("@module")?,
            timestamp: take("@timestamp")?,
            fields,
        })
    }

    /// The record as one line, newline included, short enough for the host's reader.
    pub(crate) fn to_line(&self) -> String {
        let limits = successors(Some(MAX_LINE), |limit| Some(limit / 2));
        let cut = limits
            .take_while(|limit| *limit > MIN_TEXT)
            .map(|limit| self.render(limit))
            .find(|line| line.len() <= MAX_LINE);
        cut.unwrap_or_else(|| {
            let mut bare = Self::new(self.level, "", &self.message);
            bare.timestamp.clone_from(&self.timestamp);
            // JSON may take six bytes for one character.
            bare.render(MAX_LINE / 16)
        })
    }

    fn render(&self, max_text: usize) -> String {
        let mut line = Map::new();
        let text = |text: &str| Value::String(cut(text, max_text, 0));
        line.insert("@level".into(), level_name(self.level).into());
        line.insert("@message".into(), text(&self.message));
        for (key, value) in [("@module", &self.module), ("@timestamp", &self.timestamp)] {
            // A host demotes a record whose time it cannot read, but not one without any.
            if !value.is_empty() {
                line.insert(key.into(), text(value));
            }
        }
        for (key, value) in &self.fields {
            let value = match value {
                Value::String(long) => text(long),
                other => other.clone(),
            };
            line.insert(field_name(key), value);
        }
        let mut line = Value::Object(line).to_string();
        line.push('\n');
        line
    }
}

/// A name that no host mistakes for one of hclog's own.
fn field_name(name: &str) -> String {
    if RESERVED.contains(&name) {
        name.replacen('@', "field_", 1)
    } else {
        name.to_owned()
    }
}

/// Whether `text` is a time that a host can read, and nothing else.
pub(super) fn is_timestamp(text: &str) -> bool {
    const SHAPE: &[u8] = b"0000-00-00T00:00:00.000000";
    let Some((time, zone)) = text.split_at_checked(SHAPE.len()) else {
        return false;
    };
    let has_shape = time.bytes().zip(SHAPE).all(|(byte, shape)| match shape {
        b'0' => byte.is_ascii_digit(),
        mark => byte == *mark,
    });
    let is_offset = |byte: u8| byte.is_ascii_digit() || b"+-:".contains(&byte);
    has_shape && (zone == "Z" || (zone.len() == 6 && zone.bytes().all(is_offset)))
}

fn level_name(level: Level) -> &'static str {
    match level {
        Level::TRACE => "trace",
        Level::DEBUG => "debug",
        Level::INFO => "info",
        Level::WARN => "warn",
        Level::ERROR => "error",
    }
}

fn level_named(name: &str) -> Option<Level> {
    match &*name.to_ascii_lowercase() {
        "trace" => Some(Level::TRACE),
        "debug" => Some(Level::DEBUG),
        "info" => Some(Level::INFO),
        "warn" => Some(Level::WARN),
        "error" => Some(Level::ERROR),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> LogRecord {
        let mut record = LogRecord::new(Level::INFO, "rest", "fetched\n\u{1b}[31m\u{0}");
        record.timestamp = "2026-11-22T13:04:05.000000Z".into();
        record.fields.insert("n".into(), 7.into());
        record
    }

    #[test]
    fn record_is_one_line_and_reads_back() {
        let line = record().to_line();
        assert_eq!(line.matches('\n').count(), 1);
        assert_eq!(LogRecord::parse(line.trim_end()), Some(record()));
    }

    #[test]
    fn record_without_a_time_stays_without() {
        let record = LogRecord::parse(r#"{"@level":"WARN","@message":"x"}"#).expect("a record");
        assert_eq!(record.level, Level::WARN);
        assert_eq!(
            record.to_line(),
            "{\"@level\":\"warn\",\"@message\":\"x\"}\n"
        );
    }

    #[test]
    fn field_by_a_name_of_hclogs_own_is_renamed() {
        let mut record = record();
        for key in RESERVED {
            record.fields.insert(key.into(), 42.into());
        }
        let parsed = LogRecord::parse(record.to_line().trim_end()).expect("still a record");
        assert_eq!(parsed.message, record.message);
        assert_eq!(parsed.fields["field_message"], 42);
    }

    #[test]
    fn timestamps_are_told_from_other_texts() {
        for time in [
            "2026-11-22T13:04:05.000000Z",
            "2026-11-22T13:04:05.000000+01:00",
        ] {
            assert!(is_timestamp(time), "{time}");
        }
        for text in [
            "",
            "2026",
            "2026-11-22T13:04:05.000Z",
            "2026-11-22T13:04:05.000000 hunter",
        ] {
            assert!(!is_timestamp(text), "{text}");
        }
    }

    #[test]
    fn record_that_would_crash_a_host_is_rejected() {
        for line in [
            r#"{"@level":"info","@message":42}"#,
            r#"{"@level":3,"@message":"x"}"#,
            r#"{"@level":"info","@message":"x","@timestamp":null}"#,
            r#"{"@message":"x"}"#,
            r#"["@level"]"#,
            "plain text",
        ] {
            assert_eq!(LogRecord::parse(line), None, "{line}");
        }
    }

    #[test]
    fn long_record_is_cut_with_a_mark() {
        let mut long_message = record();
        long_message.message = "\u{1}é".repeat(100_000);
        let mut long_fields = record();
        for n in 0..5_000 {
            let key = format!("key number {n}");
            long_fields.fields.insert(key, "x".repeat(100).into());
        }
        let mut long_timestamp = record();
        long_timestamp.timestamp = "\u{1}".repeat(MAX_LINE);
        for record in [long_message, long_fields, long_timestamp] {
            let line = record.to_line();
            assert!(line.len() <= MAX_LINE, "{} bytes", line.len());
            assert!(LogRecord::parse(line.trim_end()).is_some());
        }
    }

    #[test]
    fn long_record_is_cut_as_little_as_possible() {
        let mut long = record();
        long.message = "x".repeat(2 * MAX_LINE);
        let line = long.to_line();
        assert!(line.len() > MAX_LINE / 2, "{} bytes", line.len());
        assert!(line.contains("bytes cut]"));
    }
}
