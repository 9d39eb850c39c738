//! Prints a plugin's log and output to stderr while it runs.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anstyle::{AnsiColor, Style};
use cvtplugin::LogRecord;
use cvtplugin::host::{Host, StdStream};
use serde_json::Value;

use crate::terminal::{plain, print_line};
use cvtplugin::__command::Redactor;

/// Makes the host print what its plugin logs and prints, with secrets redacted.
pub(crate) fn listen(host: Host, redactor: &Redactor) -> Host {
    let in_log = redactor.clone();
    let once = Arc::new(Mutex::new(Once::default()));
    let on_stderr = once.clone();
    let printed = [
        (StdStream::Stdout, None),
        (StdStream::Stderr, Some(on_stderr)),
    ]
    .map(|(stream, once)| Mutex::new(Printed::on(stream, once, redactor.clone())));
    let log = move |record: LogRecord| {
        if !is_raw(&record) {
            print_line(Record(&record, &in_log));
        } else if lock(&once).logged(&record.message) {
            print_printed("stderr", &in_log.redact(&record.message));
        }
    };
    host.on_log(log).on_output(move |stream, data| {
        let [stdout, stderr] = &printed;
        let printed = if stream == StdStream::Stderr {
            stderr
        } else {
            stdout
        };
        lock(printed).add(data);
    })
}

/// Whether it is a line of stderr, not a record, which may come as output too.
fn is_raw(record: &LogRecord) -> bool {
    record.module.is_empty() && record.timestamp.is_empty() && record.fields.is_empty()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Tells the second of two reports of one line: what a plugin prints to stderr may reach its host
/// through the log, as output, or both.
#[derive(Default)]
struct Once {
    /// How much more often a line came through the log than as output.
    ahead: HashMap<String, i32>,
}

impl Once {
    /// How many lines that came one way alone are remembered.
    const MAX_LINES: usize = 4096;

    /// Whether a line from the log is to be shown.
    fn logged(&mut self, line: &str) -> bool {
        self.count(line, 1)
    }

    /// Whether a line of the output is to be shown.
    fn printed(&mut self, line: &str) -> bool {
        self.count(line, -1)
    }

    fn count(&mut self, line: &str, by: i32) -> bool {
        if self.ahead.len() >= Self::MAX_LINES {
            self.ahead.clear();
        }
        let line = line.trim_end();
        let before = self.ahead.remove(line).unwrap_or(0);
        if before + by != 0 {
            self.ahead.insert(line.to_owned(), before + by);
        }
        before.signum() != -by
    }
}

/// How much of a line without end is kept.
const MAX_LINE: usize = 1024 * 1024;

/// What a plugin prints: line by line, since a secret may come in two pieces.
struct Printed {
    stream: &'static str,
    begun: Vec<u8>,
    once: Option<Arc<Mutex<Once>>>,
    redactor: Redactor,
}

impl Printed {
    fn on(stream: StdStream, once: Option<Arc<Mutex<Once>>>, redactor: Redactor) -> Self {
        Self {
            stream: match stream {
                StdStream::Stderr => "stderr",
                _ => "stdout",
            },
            begun: Vec::new(),
            once,
            redactor,
        }
    }

    fn add(&mut self, data: &[u8]) {
        self.begun.extend_from_slice(data);
        let end = memchr::memrchr(b'\n', &self.begun).map(|newline| newline + 1);
        if let Some(end) = end.or((self.begun.len() > MAX_LINE).then_some(self.begun.len())) {
            let rest = self.begun.split_off(end);
            self.print();
            self.begun = rest;
        }
    }

    fn print(&self) {
        let text = String::from_utf8_lossy(&self.begun);
        let is_news = |line: &&str| match &self.once {
            Some(once) => lock(once).printed(line),
            None => true,
        };
        let news: Vec<_> = text.lines().filter(is_news).collect();
        print_printed(self.stream, &self.redactor.redact(&news.join("\n")));
    }
}

/// Shows what a plugin has printed, from which secrets have been redacted.
fn print_printed(stream: &str, text: &str) {
    for line in plain(text).lines() {
        print_line(format_args!("{DIM}{stream}|{DIM:#} {line}"));
    }
}

impl Drop for Printed {
    fn drop(&mut self) {
        self.print();
    }
}

const DIM: Style = Style::new().dimmed();

/// A record of a plugin's log, as a line.
pub(crate) struct Record<'a>(pub(crate) &'a LogRecord, pub(crate) &'a Redactor);

impl fmt::Display for Record<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(record, redactor) = self;
        let level = record.level.as_str();
        let style = style(level);
        write!(f, "{style}{level:5}{style:#} ")?;
        if !record.module.is_empty() {
            write!(f, "{DIM}{}:{DIM:#} ", one_line(&record.module))?;
        }
        // A line of its own could be taken for another record.
        let message = plain(&redactor.redact(&record.message));
        f.write_str(&message.replace('\n', "\n      "))?;
        for (name, value) in &record.fields {
            write!(f, " {DIM}{}={DIM:#}", one_line(&redactor.redact(name)))?;
            match value {
                Value::String(text) => write_text(f, &redactor.redact(text))?,
                other => f.write_str(&one_line(&redactor.redact(&other.to_string())))?,
            }
        }
        Ok(())
    }
}

/// A word as it is, several in quotes, and several lines below.
fn write_text(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    if text.contains('\n') {
        let text = plain(text);
        let mut lines = text.lines();
        lines.try_for_each(|line| write!(f, "\n      {DIM}{line}{DIM:#}"))
    } else if is_word(text) {
        f.write_str(text)
    } else {
        write!(f, "{text:?}")
    }
}

fn one_line(text: &str) -> String {
    plain(&text.replace('\n', " "))
}

fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text == plain(text)
        && !text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '"')
}

fn style(level: &str) -> Style {
    let colour = match level {
        "ERROR" => AnsiColor::Red,
        "WARN" => AnsiColor::Yellow,
        "INFO" => AnsiColor::Green,
        "DEBUG" => AnsiColor::Blue,
        _ => AnsiColor::Magenta,
    };
    colour.on_default()
}
