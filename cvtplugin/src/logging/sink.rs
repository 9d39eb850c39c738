//! Where log lines go: the host's log pipe, and the file that the operator asked for.

use std::fs::File;
use std::io::{self, Write as _};
use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Map, Value};
use tracing::Level;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime as _, SystemTime};

use super::hclog::MAX_LINE;
use super::queue::LogQueue;
use super::{LogRecord, STDOUT};
use crate::redaction::{Redactor, boundary};

/// A file that gets every line too. For hosts that drop their plugins' logs.
const FILE_VARIABLE: &str = "CVT_PLUGIN_LOG_FILE";

/// Takes whole lines, one at a time, from any thread. Cheap to clone.
#[derive(Clone)]
pub(crate) struct LogSink {
    /// The plugin's name, which is that of its logger.
    name: Arc<str>,
    outputs: Arc<Mutex<Outputs>>,
    redactor: Redactor,
    /// Whether what is printed to stdout is wanted in the log.
    logs_stdout: bool,
}

/// Takes whole lines, each with its newline, on their way to the host.
pub(crate) trait LineWriter: Send + 'static {
    /// Takes one line, without waiting. One that cannot be written is nothing to fail over.
    fn write_line(&mut self, line: &str);

    /// Waits until every line is out, but not for longer than `budget`.
    fn flush(&mut self, budget: Duration) {
        let _ = budget;
    }
}

struct Outputs {
    host: Box<dyn LineWriter>,
    file: Option<File>,
}

impl LogSink {
    /// Writes to the host's log pipe.
    pub(crate) fn new(name: &str, pipe: File, redactor: Redactor) -> Self {
        Self::writing_to(LogQueue::new(pipe), name, redactor)
    }

    /// Writes to whatever takes lines.
    pub(crate) fn writing_to(host: impl LineWriter, name: &str, redactor: Redactor) -> Self {
        Self {
            name: name.into(),
            outputs: Arc::new(Mutex::new(Outputs {
                host: Box::new(host),
                file: None,
            })),
            redactor,
            logs_stdout: false,
        }
    }

    /// Says whether what is printed to stdout is wanted in the log.
    pub(super) fn set_logs_stdout(&mut self, wanted: bool) {
        self.logs_stdout = wanted;
    }

    /// Sends every line also to the file that the environment names, if it does. Returns what
    /// the operator should know when that file cannot be opened.
    pub(super) fn tee_from_env(&self) -> Option<String> {
        let path = std::env::var_os(FILE_VARIABLE).filter(|path| !path.is_empty())?;
        match open(path.as_ref()) {
            Ok(file) => {
                self.lock().file = Some(file);
                None
            }
            Err(error) => Some(format!(
                "{FILE_VARIABLE}={}: cannot open it for writing: {error}",
                path.display()
            )),
        }
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
    fn write_record(&self, mut record: LogRecord) {
        record.message = self.redactor.redact(&record.message).into_owned();
        record.module = self.redactor.redact(&record.module).into_owned();
        record.timestamp = self.redactor.redact(&record.timestamp).into_owned();
        record.fields = self.redactor.redact_fields(record.fields, MAX_LINE);
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
        if let Some(record) = LogRecord::parse(line) {
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

    /// Writes what is no record, and no longer than a line may be.
    fn pass_on_text(&self, line: &str) {
        // A host takes what looks like JSON for a record, and crashes on some that are none.
        if line.trim_start().starts_with('{') {
            self.log_printed("stderr", line);
        } else {
            self.write_line(&format!("{line}\n"));
        }
    }

    /// Waits until every line is out, but not for longer than `budget`.
    pub(crate) fn flush(&self, budget: Duration) {
        self.lock().host.flush(budget);
    }

    /// Writes `line`, which ends in a newline.
    fn write_line(&self, line: &str) {
        let mut outputs = self.lock();
        outputs.host.write_line(line);
        if let Some(file) = &mut outputs.file {
            // A disk that is full takes no more lines, and that is nothing to fail over.
            let _ = file.write_all(line.as_bytes());
        }
    }

    fn lock(&self) -> MutexGuard<'_, Outputs> {
        self.outputs.lock().unwrap_or_else(PoisonError::into_inner)
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

/// Opens a log file for its owner alone: a log may tell more than the operator means to share.
fn open(path: &Path) -> io::Result<File> {
    // A pipe without a reader would be waited for. What is in one may come back to us: by now our
    // own stdout and stderr are pipes, under any of their names.
    let is_pipe = |file: &std::fs::Metadata| file.file_type().is_fifo();
    if path.metadata().as_ref().is_ok_and(is_pipe) {
        return Err(io::Error::other("it is a pipe: name a file"));
    }
    File::options()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pipe_is_no_log_file() {
        let (_reader, writer) = io::pipe().expect("a pipe");
        let path = format!("/dev/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&writer));
        let error = open(path.as_ref()).expect_err("what is written there comes back");
        assert!(error.to_string().contains("pipe"), "{error}");
    }
}
