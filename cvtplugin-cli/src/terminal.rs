//! Output: results go to stdout, everything else to stderr; colours only where they are wanted.

use std::fmt;
use std::io::{self, ErrorKind, Write};

use anstyle::{AnsiColor, Style};
use comfy_table::{ContentArrangement, Table, presets};

const DIM: Style = Style::new().dimmed();

/// How an error message begins.
pub(crate) fn error_label() -> impl fmt::Display {
    let style = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
    format!("{style}error{style:#}")
}

/// Writes an error that ends the command to stderr.
pub(crate) fn print_error(error: &dyn std::error::Error) {
    print_line(format_args!("{}: {error}", error_label()));
}

/// Writes a result to stdout, byte by byte.
///
/// # Errors
///
/// Returns an error if stdout cannot be written to. A reader that has gone is none.
pub(crate) fn print(output: &[u8]) -> io::Result<()> {
    print_to(io::stdout(), output)
}

/// Writes a result with escape sequences to stdout, which keeps them on a terminal alone.
///
/// # Errors
///
/// As for [`print()`].
pub(crate) fn print_styled(output: &str) -> io::Result<()> {
    print_to(anstream::stdout(), output.as_bytes())
}

fn print_to(mut stdout: impl Write, output: &[u8]) -> io::Result<()> {
    match stdout.write_all(output).and_then(|()| stdout.flush()) {
        // The reader has seen enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// Writes a line to stderr. Write errors are ignored: results and the exit code remain.
pub(crate) fn print_line(line: impl fmt::Display) {
    let _ = writeln!(anstream::stderr(), "{line}");
}

/// Writes a dimmed line to stderr: a remark of this command's own.
pub(crate) fn note(line: impl fmt::Display) {
    print_line(format_args!("{DIM}{line}{DIM:#}"));
}

/// Text of somebody else's, for a terminal: control characters are escaped, but for line breaks.
pub(crate) fn plain(text: &str) -> String {
    let mut plain = String::new();
    for c in text.chars() {
        match c {
            '\n' => plain.push(c),
            '\t' => plain.push_str("    "),
            _ if c.is_control() || is_invisible(c) => plain.extend(c.escape_unicode()),
            _ => plain.push(c),
        }
    }
    plain
}

/// Whether a character changes how its neighbours are shown, such as their direction.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// A table without lines, as wide as the terminal if there is one.
pub(crate) fn table() -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        // Colours are taken out again by `print_styled`.
        .enforce_styling();
    table
}

/// Renders a table: columns two spaces apart, no spaces at the end of lines.
pub(crate) fn render(mut table: Table) -> String {
    let last = table.column_count().saturating_sub(1);
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, if index == last { 0 } else { 2 }));
    }
    format!("{}\n", table.trim_fmt())
}

/// A path as a shell takes it.
pub(crate) fn quoted(path: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+~".contains(c);
    if path.chars().all(is_plain) {
        path.to_owned()
    } else {
        format!("'{}'", path.replace('\'', r"'\''"))
    }
}
