//! Prints a plugin's log and output to stderr while it runs.

use std::fmt;

use anstyle::{AnsiColor, Style};
use cvtplugin::LogRecord;
use cvtplugin::host::{Host, StdStream};
use serde_json::Value;

use crate::redaction::Redaction;
use crate::terminal::{plain, print_line};

/// Makes the host print what its plugin logs and prints, with secrets redacted.
pub(crate) fn listen(host: Host, redaction: &Redaction) -> Host {
    let (in_log, in_output) = (redaction.clone(), redaction.clone());
    host.on_log(move |record| print_line(Record(&record, &in_log)))
        .on_output(move |channel, data| {
            let stream = match channel {
                StdStream::Stderr => "stderr",
                _ => "stdout",
            };
            let text = in_output.redact(&String::from_utf8_lossy(data));
            for line in plain(&text).lines() {
                print_line(format_args!("{DIM}{stream}|{DIM:#} {line}"));
            }
        })
}

const DIM: Style = Style::new().dimmed();

/// A record of a plugin's log, as a line.
pub(crate) struct Record<'a>(pub(crate) &'a LogRecord, pub(crate) &'a Redaction);

impl fmt::Display for Record<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(record, redaction) = self;
        let level = record.level.as_str();
        let style = style(level);
        write!(f, "{style}{level:5}{style:#} ")?;
        if !record.module.is_empty() {
            write!(f, "{DIM}{}:{DIM:#} ", one_line(&record.module))?;
        }
        // A line of its own could be taken for another record.
        let message = plain(&redaction.redact(&record.message));
        f.write_str(&message.replace('\n', "\n      "))?;
        for (name, value) in &record.fields {
            write!(f, " {DIM}{}={DIM:#}", one_line(name))?;
            match value {
                Value::String(text) => write_text(f, &redaction.redact(text))?,
                other => f.write_str(&one_line(&redaction.redact(&other.to_string())))?,
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
