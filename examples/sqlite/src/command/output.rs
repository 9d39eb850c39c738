//! Prints results: as a table for people, as JSON for programs.

use std::error::Error as StdError;
use std::io::{self, ErrorKind, Write as _};

use comfy_table::{Table, presets};
use cvtplugin::{Error, Result};
use serde::Serialize;

/// Prints rows under their headings, or `if_empty` on stderr where there are none.
pub(super) fn print_table<const N: usize>(
    headings: [&str; N],
    rows: Vec<[String; N]>,
    if_empty: &str,
) -> Result<()> {
    if rows.is_empty() {
        let _ = writeln!(io::stderr(), "{if_empty}");
        return Ok(());
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(headings);
    table.add_rows(rows.into_iter().map(|row| row.map(|cell| printable(&cell))));
    let lines = table.lines().map(|line| line.trim().to_owned() + "\n");
    print(&lines.collect::<String>())
}

/// Prints a value as JSON.
pub(super) fn print_json(value: &impl Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(value);
    let text = text.map_err(|error| Error::internal("cannot write JSON").with_source(error))?;
    print(&(text + "\n"))
}

/// Prints to stdout. Who closes it has read enough.
pub(super) fn print(text: &str) -> Result<()> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Error::unavailable("cannot write to stdout").with_source(error))
        }
        _ => Ok(()),
    }
}

/// Prints an error and its causes to stderr, where write errors are ignored.
pub(super) fn print_error(error: &Error) {
    let mut text = error.message().to_owned();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    let _ = writeln!(io::stderr(), "cvt-plugin-sqlite: {}", printable(&text));
}

/// Ids and paths come from anybody: none of them moves the cursor of a terminal.
fn printable(text: &str) -> String {
    let escape = |it: char| match it {
        '\n' | ' '..='~' => it.to_string(),
        _ if it.is_control() => it.escape_default().to_string(),
        _ => it.to_string(),
    };
    text.chars().map(escape).collect()
}
