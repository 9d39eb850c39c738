//! The host's log pipe: takes lines, and waits for no host that does not read them.

use std::fs::File;
use std::io::{self, Write as _};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::sink::LineWriter;

/// How long to wait for a host that reads slowly. A host that has let this pass is not waited for
/// until it reads again.
const PATIENCE: Duration = Duration::from_secs(1);

/// A pipe that has room at all takes this much at once: `PIPE_BUF`.
const PIECE: usize = if cfg!(target_os = "linux") { 4096 } else { 512 };

/// The writing end of the pipe.
pub(super) struct LogPipe {
    pipe: File,
    /// Whether the last wait for the host was in vain.
    stalled: bool,
    /// The rest of a line that the host has the beginning of.
    rest: Vec<u8>,
    /// The lines that the host never got.
    dropped: usize,
}

impl LogPipe {
    pub(super) fn new(pipe: File) -> Self {
        Self {
            pipe,
            stalled: false,
            rest: Vec::new(),
            dropped: 0,
        }
    }

    /// Writes a line as far as it goes; `false` if none of it went.
    fn begin_line(&mut self, line: &str) -> bool {
        if !self.rest.is_empty() {
            return false;
        }
        self.rest = line.into();
        self.finish_line();
        self.rest.len() < line.len() || {
            self.rest.clear();
            false
        }
    }

    /// Writes the rest of a line as far as it goes.
    fn finish_line(&mut self) {
        while !self.rest.is_empty() && self.has_room() {
            let piece = &self.rest[..self.rest.len().min(PIECE)];
            match self.pipe.write(piece) {
                Ok(length) => drop(self.rest.drain(..length)),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // A host that is gone takes no more lines, and that is nothing to fail over.
                Err(_) => self.rest.clear(),
            }
        }
    }

    /// Waits for room in the pipe.
    fn has_room(&mut self) -> bool {
        let patience = if self.stalled {
            Duration::ZERO
        } else {
            PATIENCE
        };
        let patience = Timespec::try_from(patience).unwrap_or_default();
        let has_room = loop {
            let mut fds = [PollFd::new(&self.pipe, PollFlags::OUT)];
            match poll(&mut fds, Some(&patience)) {
                Ok(ready) => break ready > 0,
                Err(Errno::INTR) => {}
                // Writing will say what is wrong.
                Err(_) => break true,
            }
        };
        self.stalled = !has_room;
        has_room
    }
}

impl LineWriter for LogPipe {
    /// Writes a line, or drops it if the host does not read.
    fn write_line(&mut self, line: &str) {
        self.finish_line();
        if self.dropped > 0 && self.rest.is_empty() {
            let dropped = std::mem::take(&mut self.dropped);
            let note = format!("[WARN] {dropped} log lines were dropped: the host did not read\n");
            if !self.begin_line(&note) {
                self.dropped += dropped;
            }
        }
        if !self.begin_line(line) {
            self.dropped += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{PipeReader, Read as _, pipe};
    use std::time::Instant;

    use super::*;

    fn log_pipe() -> (LogPipe, PipeReader) {
        let (reader, writer) = pipe().expect("a pipe");
        (
            LogPipe::new(std::os::fd::OwnedFd::from(writer).into()),
            reader,
        )
    }

    fn line(n: usize) -> String {
        format!("{n} {}\n", "x".repeat(5000))
    }

    #[test]
    fn a_host_that_stalls_gets_whole_lines_and_hears_of_those_it_missed() {
        let (mut pipe, mut reader) = log_pipe();
        let start = Instant::now();
        for n in 0..100 {
            pipe.write_line(&line(n));
        }
        assert!(start.elapsed() < 50 * PATIENCE, "it is waited for once");
        // It reads again.
        let mut read = vec![0; 1_000_000];
        let length = reader.read(&mut read).expect("there is something");
        read.truncate(length);
        pipe.write_line("after\n");
        drop(pipe);
        reader.read_to_end(&mut read).expect("the rest");
        let text = String::from_utf8(read).expect("text");
        let mut lines = text.split_inclusive('\n').peekable();
        let whole = (0..100)
            .take_while(|n| lines.next_if_eq(&line(*n)).is_some())
            .count();
        assert!(whole > 0, "{text}");
        let missed = 100 - whole;
        let note = format!("[WARN] {missed} log lines were dropped: the host did not read\n");
        assert_eq!(lines.collect::<Vec<_>>(), [&*note, "after\n"]);
    }

    #[test]
    fn a_host_that_is_gone_is_none_to_fail_over() {
        let (mut pipe, reader) = log_pipe();
        drop(reader);
        for n in 0..100 {
            pipe.write_line(&line(n));
        }
        assert!(!pipe.stalled && pipe.rest.is_empty());
    }
}
