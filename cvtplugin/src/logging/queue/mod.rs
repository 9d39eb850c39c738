//! A log pipe or a log file: one that takes its lines slowly, or not at all, holds up nobody who logs.

use std::fs::File;
use std::io::{self, Write as _};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, poll};

use super::line_writer::LineWriter;
use super::waiting::{Waiting, Written};

/// Where lines go.
pub(super) struct Target {
    pub(super) file: File,
    /// Whether writing there never waits, but fails where it would have to.
    pub(super) is_nonblocking: bool,
    /// Whether somebody has left the last line there without its end.
    pub(super) is_mid_line: bool,
}

/// Says in a line that so many lines have been lost.
pub(super) type LossNote = Box<dyn Fn(usize) -> String + Send + Sync>;

/// Lines on their way to a pipe or a file. Cheap to clone.
///
/// What a pipe takes at once is written by whoever logs it, so that it is out even if the process
/// ends with the next instruction. All else waits for a thread of its own.
#[derive(Clone)]
pub(crate) struct LogQueue(Arc<Shared>);

struct Shared {
    file: File,
    is_nonblocking: bool,
    loss_note: LossNote,
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    waiting: Waiting,
    /// Whether the thread is there; it is started when it is needed.
    has_writer: bool,
    /// Whether the thread has lines in its hands.
    is_writing: bool,
}

impl LogQueue {
    pub(super) fn new(target: Target, loss_note: LossNote) -> Self {
        Self(Arc::new(Shared {
            file: target.file,
            is_nonblocking: target.is_nonblocking,
            loss_note,
            state: Mutex::new(State {
                waiting: Waiting::new(target.is_mid_line),
                has_writer: false,
                is_writing: false,
            }),
            changed: Condvar::new(),
        }))
    }

    /// Makes the thread write what waits, if anything does.
    fn wake_writer(&self, state: &mut State) {
        if state.waiting.is_wanted() {
            // Without a thread, lines wait until there is one.
            state.has_writer = state.has_writer || self.start_writer();
            self.0.changed.notify_all();
        }
    }

    /// Starts the thread that writes what waits.
    fn start_writer(&self) -> bool {
        let shared = self.0.clone();
        let writer = thread::Builder::new().name("cvtplugin-log".into());
        writer.spawn(move || shared.write_what_waits()).is_ok()
    }
}

impl State {
    fn is_idle(&self) -> bool {
        !self.is_writing && !self.waiting.is_wanted()
    }
}

impl LineWriter for LogQueue {
    fn write_line(&self, line: &str) {
        let mut state = self.0.lock();
        let is_idle = state.is_idle();
        state.waiting.add(line, &self.0.loss_note);
        if is_idle && self.0.is_nonblocking {
            // No other thread waits for this: it takes no longer than one call of the system.
            let batch = state.waiting.take(&self.0.loss_note);
            let written = self.0.write_at_once(batch.text.as_bytes());
            state.waiting.put_back(batch, &written);
        }
        self.wake_writer(&mut state);
    }

    fn flush(&self, budget: Duration) {
        let mut state = self.0.lock();
        // There may be room by now for what could not be written.
        state.waiting.try_again();
        self.wake_writer(&mut state);
        if !state.has_writer && state.waiting.is_wanted() {
            // Where no thread can be had, this is the last chance to say so.
            let write = |text: &[u8]| self.0.write_within(text, budget);
            return self.0.write_next(state, write);
        }
        let is_busy = |state: &mut State| !state.is_idle();
        let waited = self.0.changed.wait_timeout_while(state, budget, is_busy);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    fn lost(&self) -> usize {
        self.0.lock().waiting.lost()
    }
}

impl Shared {
    /// Writes as much of `text` as goes without waiting, where that is known.
    fn write_at_once(&self, text: &[u8]) -> Written {
        let mut length = 0;
        let mut has_failed = false;
        while length < text.len() {
            match (&self.file).write(&text[length..]) {
                Ok(more @ 1..) => length += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Ok(0) | Err(_) => {
                    has_failed = true;
                    break;
                }
            }
        }
        Written { length, has_failed }
    }

    /// Writes `text`, for as long as that takes.
    fn write(&self, text: &[u8]) -> Written {
        let mut length = 0;
        loop {
            let more = self.write_at_once(&text[length..]);
            length += more.length;
            if more.has_failed || length == text.len() {
                return Written { length, ..more };
            }
            // An error shows in the next write.
            let _ = poll(&mut [PollFd::new(&self.file, PollFlags::OUT)], None);
        }
    }

    /// Writes what of `text` goes within `budget`, in pieces for which a pipe that can be written to
    /// has room.
    fn write_within(&self, text: &[u8], budget: Duration) -> Written {
        // What POSIX promises of each pipe.
        const PIECE: usize = 512;
        let end = Instant::now() + budget;
        let mut written = Written {
            length: 0,
            has_failed: false,
        };
        while written.length < text.len() && !written.has_failed && self.has_room_until(end) {
            let piece = text.len().min(written.length + PIECE);
            let more = self.write_at_once(&text[written.length..piece]);
            written.length += more.length;
            written.has_failed = more.has_failed;
        }
        written
    }

    /// Waits for room to write, until `end`.
    fn has_room_until(&self, end: Instant) -> bool {
        let left = end.saturating_duration_since(Instant::now());
        let left = left.try_into().ok();
        let ready = poll(
            &mut [PollFd::new(&self.file, PollFlags::OUT)],
            left.as_ref(),
        );
        ready.is_ok_and(|ready| ready > 0)
    }

    fn write_what_waits(&self) {
        loop {
            let nothing = |state: &mut State| !state.waiting.is_wanted();
            let state = self.changed.wait_while(self.lock(), nothing);
            let state = state.unwrap_or_else(PoisonError::into_inner);
            self.write_next(state, |text| self.write(text));
        }
    }

    /// Writes what waits first. Meanwhile others may add to it.
    fn write_next(&self, mut state: MutexGuard<'_, State>, write: impl FnOnce(&[u8]) -> Written) {
        let batch = state.waiting.take(&self.loss_note);
        state.is_writing = true;
        drop(state);
        let written = write(batch.text.as_bytes());
        let mut state = self.lock();
        state.waiting.put_back(batch, &written);
        state.is_writing = false;
        drop(state);
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
