//! The host's log pipe: a host that reads slowly, or not at all, holds up nobody who logs.

use std::collections::VecDeque;
use std::fs::File;
use std::io::Write as _;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::sink::LineWriter;
use crate::redaction::boundary;

/// A pipe that has room at all takes this much at once: `PIPE_BUF`.
const AT_ONCE: usize = if cfg!(target_os = "linux") { 4096 } else { 512 };

/// The bytes of lines that wait for the host. Later ones are dropped, and counted.
const CAPACITY: usize = 1024 * 1024;

/// Lines on their way to the host. Cheap to clone.
///
/// What the pipe takes at once is written by whoever logs it, so that it is out even if the process
/// ends with the next instruction. The rest waits for a thread of its own.
#[derive(Clone)]
pub(crate) struct LogQueue(Arc<Shared>);

struct Shared {
    pipe: File,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<String>,
    bytes: usize,
    dropped: usize,
    /// Whether the thread is there; it is started when it is needed.
    has_writer: bool,
    /// Whether the thread has a line in its hands.
    is_writing: bool,
}

impl LogQueue {
    pub(crate) fn new(pipe: File) -> Self {
        Self(Arc::new(Shared {
            pipe,
            state: Mutex::default(),
            changed: Condvar::new(),
        }))
    }

    /// Starts the thread that writes what waits.
    fn start_writer(&self) -> bool {
        let shared = self.0.clone();
        let writer = thread::Builder::new().name("cvtplugin-log".into());
        writer.spawn(move || shared.write_what_waits()).is_ok()
    }
}

impl LineWriter for LogQueue {
    fn write_line(&mut self, line: &str) {
        let mut state = self.0.lock();
        if state.is_idle() {
            let text = state.note_of_loss() + line;
            let rest = self.0.write_at_once(&text);
            if rest.is_empty() {
                return;
            }
            state.push(rest);
        } else {
            state.add(line);
        }
        // Without a thread, lines wait until there is one.
        state.has_writer = state.has_writer || self.start_writer();
        self.0.changed.notify_all();
    }

    fn flush(&mut self, budget: Duration) {
        let waited = self
            .0
            .changed
            .wait_timeout_while(self.0.lock(), budget, |state| !state.is_idle());
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }
}

impl Shared {
    /// Writes as much of `text` as goes without waiting, and returns the rest.
    fn write_at_once<'t>(&self, text: &'t str) -> &'t str {
        let mut rest = text;
        while !rest.is_empty() && self.has_room() {
            let (piece, after) = rest.split_at(boundary(rest, AT_ONCE));
            self.write(piece);
            rest = after;
        }
        rest
    }

    fn has_room(&self) -> bool {
        let mut fds = [PollFd::new(&self.pipe, PollFlags::OUT)];
        matches!(poll(&mut fds, Some(&Timespec::default())), Ok(1..))
    }

    /// Writes `line`. A host that is gone takes no more lines, and that is nothing to fail over.
    fn write(&self, line: &str) {
        let _ = (&self.pipe).write_all(line.as_bytes());
    }

    fn write_what_waits(&self) {
        loop {
            let state = self
                .changed
                .wait_while(self.lock(), |state| state.waiting.is_empty());
            let line = state.unwrap_or_else(PoisonError::into_inner).take();
            self.write(&line);
            self.lock().is_writing = false;
            self.changed.notify_all();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_idle(&self) -> bool {
        self.waiting.is_empty() && !self.is_writing
    }

    fn add(&mut self, line: &str) {
        if self.bytes + line.len() > CAPACITY {
            self.dropped += 1;
            return;
        }
        let note = self.note_of_loss();
        if !note.is_empty() {
            self.push(&note);
        }
        self.push(line);
    }

    /// What the host is told of the lines that it never got; empty if there are none.
    fn note_of_loss(&mut self) -> String {
        match std::mem::take(&mut self.dropped) {
            0 => String::new(),
            dropped => format!("[WARN] {dropped} log lines were dropped: the host did not read\n"),
        }
    }

    fn push(&mut self, text: &str) {
        self.bytes += text.len();
        self.waiting.push_back(text.to_owned());
    }

    /// The next line, for the thread to write.
    fn take(&mut self) -> String {
        let line = self.waiting.pop_front().unwrap_or_default();
        self.bytes -= line.len();
        self.is_writing = true;
        line
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, PipeReader, pipe};
    use std::os::fd::OwnedFd;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(20);

    fn log_queue() -> (LogQueue, PipeReader) {
        let (reader, writer) = pipe().expect("a pipe");
        (LogQueue::new(OwnedFd::from(writer).into()), reader)
    }

    fn line(n: usize) -> String {
        format!("{n} {}\n", "x".repeat(5000))
    }

    #[test]
    fn a_host_that_does_not_read_misses_lines_and_hears_of_it() {
        const LINES: usize = 1000;
        let (mut queue, reader) = log_queue();
        // Were any of them waited for, this would take for ever.
        (0..LINES).for_each(|n| queue.write_line(&line(n)));
        let mut lines = BufReader::new(reader).lines();
        let mut next = || lines.next().expect("a line").expect("text") + "\n";
        // Once some are read, there is room for more.
        assert_eq!((next(), next()), (line(0), line(1)));
        queue.write_line("after\n");
        let (mut whole, mut dropped) = (2, 0);
        loop {
            let text = next();
            let number = text
                .split(' ')
                .nth(1)
                .and_then(|word| word.parse::<usize>().ok());
            if text == "after\n" {
                break;
            } else if let Some(number) = number {
                dropped += number;
            } else {
                assert_eq!(text.len(), line(whole).len());
                whole += 1;
            }
        }
        assert!(dropped > 0);
        assert_eq!(whole + dropped, LINES);
    }

    #[test]
    fn lines_come_in_order_whether_or_not_they_had_to_wait() {
        let (mut queue, reader) = log_queue();
        let lines: Vec<_> = (0..200).flat_map(|n| [format!("{n}\n"), line(n)]).collect();
        let mut read = BufReader::new(reader).lines();
        for some in lines.chunks(5) {
            for line in some {
                queue.write_line(line);
            }
            for line in some {
                assert_eq!(&(read.next().expect("a line").expect("text") + "\n"), line);
            }
        }
    }

    #[test]
    fn a_host_that_is_gone_is_none_to_fail_over() {
        let (mut queue, reader) = log_queue();
        drop(reader);
        (0..100).for_each(|n| queue.write_line(&line(n)));
        queue.flush(PATIENCE);
        assert!(queue.0.lock().is_idle());
    }
}
