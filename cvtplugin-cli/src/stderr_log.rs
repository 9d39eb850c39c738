//! Prints a plugin's log and output to stderr while it runs.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use anstyle::{AnsiColor, Style};
use cvtplugin::LogRecord;
use cvtplugin::host::{Host, StdStream};
use serde_json::Value;

use crate::terminal::{plain, print_line};
use cvtplugin::__command::Redactor;

/// Makes the host print what its plugin logs and prints, with secrets redacted.
pub(crate) fn listen(host: Host, redactor: &Redactor) -> Host {
    let in_log = redactor.clone();
    let printed = [StdStream::Stdout, StdStream::Stderr]
        .map(|stream| Mutex::new(Printed::on(stream, redactor.clone())));
    host.on_log(move |record| print_line(Record(&record, &in_log)))
        .on_output(move |stream, data| {
            let [stdout, stderr] = &printed;
            let printed = if stream == StdStream::Stderr {
                stderr
            } else {
                stdout
            };
            let mut printed = printed.lock().unwrap_or_else(PoisonError::into_inner);
            printed.add(data);
        })
}

/// How much of a line without end is kept.
const MAX_LINE: usize = 1024 * 1024;

/// What a plugin prints: line by line, since a secret may come in two pieces.
struct Printed {
    stream: &'static str,
    begun: Vec<u8>,
    redactor: Redactor,
}

impl Printed {
    fn on(stream: StdStream, redactor: Redactor) -> Self {
        Self {
            stream: match stream {
                StdStream::Stderr => "stderr",
                _ => "stdout",
            },
            begun: Vec::new(),
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
        for line in plain(&self.redactor.redact(&text)).lines() {
            print_line(format_args!("{DIM}{}|{DIM:#} {line}", self.stream));
        }
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
