//! Shows what a plugin writes to its stderr, on its way to the host.

use std::fmt;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::thread;

use anstyle::Style;
use cvtplugin::__command::Redactor;
use cvtplugin::LogRecord;

use super::wire::Launch;
use crate::stderr_log::Record;
use crate::terminal::{note, plain, print_line};

const DIM: Style = Style::new().dimmed();

/// Longer lines are split.
const MAX_LINE: u64 = 1 << 20;

/// Follows the log of a process until its end, on a thread of its own: the host may be slow to
/// read.
pub(super) fn follow(launch: Launch, pid: String) {
    thread::spawn(move || {
        // Without an end of the plugin's there is nobody to tell.
        let _ = copy(launch, &pid);
        note(format_args!("process {pid} has ended"));
    });
}

fn copy(launch: Launch, pid: &str) -> io::Result<()> {
    let Launch { log, mut host } = launch;
    let mut log = BufReader::new(log);
    let mut line = Vec::new();
    while log.by_ref().take(MAX_LINE).read_until(b'\n', &mut line)? > 0 {
        // A host that does not read is no reason to show nothing.
        let _ = host.write_all(&line);
        show(pid, &String::from_utf8_lossy(&line));
        line.clear();
    }
    Ok(())
}

fn show(pid: &str, line: &str) {
    let line = line.trim_end_matches(['\n', '\r']);
    match LogRecord::parse(line) {
        // The plugin itself keeps its secrets out.
        Some(record) => print(pid, Record(&record, &Redactor::default())),
        None => print(pid, format_args!("{DIM}stderr|{DIM:#} {}", plain(line))),
    }
}

fn print(pid: &str, line: impl fmt::Display) {
    print_line(format_args!("{DIM}{pid}{DIM:#} {line}"));
}
