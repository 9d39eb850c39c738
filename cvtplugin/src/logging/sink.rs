//! Where log lines go: the host's log pipe, and the file that the operator asked for.

use std::borrow::Cow;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Map, Value};
use tracing::Level;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime as _, SystemTime};

use super::hclog::{LogRecord, MAX_LINE, is_timestamp};
use super::line_writer::LineWriter;
use super::queue::LogQueue;
use super::target;
use crate::redaction::{Redactor, boundary};

/// How long a text in a record may be before it is cut: the rest of the line has room beside it.
const MAX_TEXT: usize = MAX_LINE - 1024;

/// The target of what is printed to stdout.
pub(super) const STDOUT: &str = "stdout";

/// A file that gets every line too. For hosts that drop their plugins' logs.
const FILE_VARIABLE: &str = "CVT_PLUGIN_LOG_FILE";

/// Takes whole lines, one at a time, from any thread, and makes none of them wait. Cheap to clone.
#[derive(Clone)]
pub(crate) struct LogSink {
    /// The plugin's name, which is that of its logger.
    name: Arc<str>,
    host: Arc<dyn LineWriter>,
    file: Option<LogQueue>,
    /// Why there is no file, though the operator asked for one.
    file_error: Option<Arc<str>>,
    redactor: Redactor,
    /// Whether what is printed to stdout is wanted in the log.
    logs_stdout: bool,
}

impl LogSink {
    /// Writes to the host's log pipe.
    pub(crate) fn new(name: &str, pipe: File, redactor: Redactor) -> Self {
        let note = loss_note(name, "the host does not read them");
        let queue = LogQueue::new(target::for_host(pipe), Box::new(note));
        Self::writing_to(queue, name, redactor)
    }

    /// Writes to whatever takes lines.
    pub(crate) fn writing_to(host: impl LineWriter, name: &str, redactor: Redactor) -> Self {
        Self {
            name: name.into(),
            host: Arc::new(host),
            file: None,
            file_error: None,
            redactor,
            logs_stdout: false,
        }
    }

    /// The plugin's name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Says whether what is printed to stdout is wanted in the log.
    pub(super) fn set_logs_stdout(&mut self, wanted: bool) {
        self.logs_stdout = wanted;
    }

    /// Sends every line also to the file that the environment names, if it does and can be opened.
    pub(super) fn tee_from_env(&mut self) {
        let path = std::env::var_os(FILE_VARIABLE).filter(|path| !path.is_empty());
        if let Some(path) = path {
            self.tee(path.as_ref());
        }
    }

    fn tee(&mut self, path: &Path) {
        match target::for_file(path) {
            Ok(target) => {
                let note = loss_note(&self.name, "the log file does not take them");
                self.file = Some(LogQueue::new(target, Box::new(note)));
            }
            Err(error) => {
                let why = format!(
                    "cannot open the log file \"{}\": {error}: set {FILE_VARIABLE} to a file that \
                     the plugin may write",
                    path.display()
                );
                self.file_error = Some(why.into());
            }
        }
    }

    /// Why the log does not go to the file that the operator asked for, if it does not: for the
    /// messages of calls that fail, which an operator sees where the host drops the log.
    pub(crate) fn file_error(&self) -> Option<&str> {
        self.file_error.as_deref()
    }

    /// What keeps secrets out of the lines.
    pub(crate) fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// Writes one record.
    pub(crate) fn log(&self, level: Level, message: &str, fields: Map<String, Value>) {
        let mut record = LogRecord::new(level, &*self.name, message);
        record.timestamp = now();
        record.fields = fields;
        self.write_record(record);
    }

    /// Writes a record, without secrets: in the texts themselves, however they come to be escaped.
    /// Its time and its module are ours.
    fn write_record(&self, mut record: LogRecord) {
        if let Cow::Owned(redacted) = self.redactor.redact_start(&record.message, MAX_TEXT) {
            record.message = redacted;
        }
        record.fields = self.redactor.redact_fields(record.fields, MAX_TEXT);
        self.write_line(&record.to_line());
    }

    /// Writes a line that somebody printed to stdout, if that is wanted.
    pub(crate) fn log_stdout(&self, line: &str) {
        if self.logs_stdout {
            self.log_printed(STDOUT, line);
        }
    }

    fn log_printed(&self, target: &str, line: &str) {
        let fields = [("target".to_owned(), target.into())];
        self.log(Level::DEBUG, line, fields.into_iter().collect());
    }

    /// Writes a line that somebody printed to stderr, in a form that the host can read.
    pub(crate) fn pass_on(&self, line: &str) {
        if let Some(mut record) = LogRecord::parse(line) {
            record.module = self.redactor.redact(&record.module).into_owned();
            if !is_timestamp(&record.timestamp) {
                record.timestamp = self.redactor.redact(&record.timestamp).into_owned();
            }
            self.write_record(record);
            return;
        }
        let line = self.redactor.redact(line);
        let mut rest = &*line;
        loop {
            let (piece, after) = rest.split_at(boundary(rest, MAX_LINE));
            self.pass_on_text(piece);
            rest = after;
            if rest.is_empty() {
                break;
            }
        }
    }

    /// Writes what is not a record, and not longer than a line may be.
    fn pass_on_text(&self, line: &str) {
        // A host takes what looks like JSON for a record, and crashes on some that are none.
        if line.trim_start().starts_with('{') {
            self.log_printed("stderr", line);
        } else {
            self.write_line(&format!("{line}\n"));
        }
    }

    /// Waits until every line is out, but not for longer than `budget`. What has not come out by
    /// then is told where it can be.
    pub(crate) fn flush(&self, budget: Duration) {
        let end = Instant::now() + budget;
        let Some(file) = &self.file else {
            return self.host.flush(budget);
        };
        let host: &dyn LineWriter = &*self.host;
        file.flush(budget / 2);
        host.flush(end.saturating_duration_since(Instant::now()) / 2);
        for (from, to, place) in [
            (file as &dyn LineWriter, host, "log file"),
            (host, file, "host"),
        ] {
            match from.lost() {
                0 => {}
                lost => {
                    let why = format!("they did not reach the {place}");
                    to.write_line(&loss_note(&self.name, &why)(lost));
                }
            }
            to.flush(end.saturating_duration_since(Instant::now()) / 2);
        }
    }

    /// Writes `line`, which ends in a newline.
    fn write_line(&self, line: &str) {
        self.host.write_line(line);
        if let Some(file) = &self.file {
            file.write_line(line);
        }
    }
}

/// Makes the line that says how many lines are lost, and why.
fn loss_note(name: &str, why: &str) -> impl Fn(usize) -> String + Send + Sync + use<> {
    let (name, why) = (name.to_owned(), why.to_owned());
    move |lost| {
        let message = format!("{lost} log lines were lost: {why}");
        let mut record = LogRecord::new(Level::WARN, name.as_str(), message);
        record.timestamp = now();
        record.to_line()
    }
}

impl io::Write for LogSink {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.write_line(&String::from_utf8_lossy(line));
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The time in RFC 3339 with six fractional digits: hclog takes no other.
fn now() -> String {
    let mut text = String::new();
    // The only error is that of writing to a string: none.
    let _ = SystemTime.format_time(&mut Writer::new(&mut text));
    text
}
