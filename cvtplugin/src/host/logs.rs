//! A plugin's stderr: log records, line by line.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::ChildStderr;
use tracing::Level;

use super::options::{LineCallback, LogCallback};
use crate::LogRecord;

/// Longer lines are split.
const MAX_LINE: u64 = 4 * 1024 * 1024;

/// Longer lines are not records, whatever they look like: go-plugin reads no more at once.
const MAX_RECORD: usize = 64 * 1024;

/// How many of the last lines are kept for an error message.
const KEPT: usize = 20;

/// The last lines of a plugin's stderr.
#[derive(Clone, Default)]
pub(super) struct LastLines(Arc<Mutex<VecDeque<String>>>);

impl LastLines {
    fn push(&self, line: &str) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == KEPT {
            lines.pop_front();
        }
        lines.push_back(line.to_owned());
    }

    pub(super) fn text(&self) -> String {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.make_contiguous().join("\n")
    }
}

/// Reads a plugin's stderr until everybody has closed it.
pub(super) async fn follow(
    stderr: ChildStderr,
    last_lines: LastLines,
    on_line: LineCallback,
    on_log: LogCallback,
) {
    let mut stderr = BufReader::new(stderr);
    let mut line = Vec::new();
    while let Ok(1..) = (&mut stderr)
        .take(MAX_LINE)
        .read_until(b'\n', &mut line)
        .await
    {
        let bytes = line.strip_suffix(b"\n").unwrap_or(&line);
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        on_line(bytes);
        let text = String::from_utf8_lossy(bytes);
        last_lines.push(&text);
        let record = LogRecord::parse(&text).filter(|_| text.len() < MAX_RECORD);
        on_log(record.unwrap_or_else(|| plain(&text)));
        line.clear();
    }
}

/// A line that is not a record, with the level that go-plugin would give it.
fn plain(line: &str) -> LogRecord {
    let prefixes = [
        ("[TRACE]", Level::TRACE),
        ("[DEBUG]", Level::DEBUG),
        ("[INFO]", Level::INFO),
        ("[WARN]", Level::WARN),
        ("[ERROR]", Level::ERROR),
        ("panic: ", Level::ERROR),
        ("fatal error: ", Level::ERROR),
    ];
    let prefix = prefixes.iter().find(|(prefix, _)| line.starts_with(prefix));
    LogRecord::new(prefix.map_or(Level::DEBUG, |(_, level)| *level), "", line)
}
