//! What the plugin printed, on its way to the host: a bounded buffer between the thread that
//! drains the pipes and the stream that the host reads.

use std::collections::VecDeque;
use std::io::{PipeWriter, Write as _};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use crate::std_stream::StdStream;

/// How much is kept for a host that does not read, or not yet.
const CAPACITY: usize = 1024 * 1024;

/// What is printed little by little is sent to the host in chunks of at most this size.
const MAX_CHUNK: usize = 16 * 1024;

/// How long to wait for a host that reads slowly before dropping what is oldest.
const READER_TIMEOUT: Duration = Duration::from_millis(50);

/// A piece of what was printed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Printed {
    pub(crate) stream: StdStream,
    pub(crate) data: Vec<u8>,
}

/// The buffer. Writers never wait for long; what does not fit is dropped, oldest first, and
/// counted.
#[derive(Default)]
pub(crate) struct Output {
    state: Mutex<State>,
    filled: Notify,
    drained: Condvar,
    /// Wakes whoever drains the pipes.
    waker: Mutex<Option<PipeWriter>>,
    flushed: Notify,
}

#[derive(Default)]
struct State {
    pieces: VecDeque<Printed>,
    size: usize,
    dropped: usize,
    readers: usize,
    /// Whether the reader has kept a writer waiting in vain, and not read since.
    stalled: bool,
}

impl Output {
    /// Adds what was printed. Blocks for a moment at most.
    pub(crate) fn push(&self, stream: StdStream, data: &[u8]) {
        let keeps_waiting = |state: &mut State| {
            state.readers > 0 && !state.stalled && state.size + data.len() > CAPACITY
        };
        let waited = self
            .drained
            .wait_timeout_while(self.lock(), READER_TIMEOUT, keeps_waiting);
        let (mut state, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        state.stalled |= waited.timed_out();
        state.add(stream, data);
        drop(state);
        self.filled.notify_one();
    }

    /// Waits until all is here that has been printed, but not for longer than `budget`.
    pub(crate) async fn flush(&self, budget: Duration) {
        let flushed = self.flushed.notified();
        if self.wake() {
            let _ = tokio::time::timeout(budget, flushed).await;
        }
    }

    /// Wakes whoever drains the pipes; `false` if there is nobody.
    fn wake(&self) -> bool {
        let waker = self.waker.lock().unwrap_or_else(PoisonError::into_inner);
        let woken = waker.as_ref().map(|mut waker| waker.write_all(&[0]));
        matches!(woken, Some(Ok(())))
    }

    /// Says how to wake whoever drains the pipes, if there is anybody.
    pub(super) fn set_waker(&self, waker: Option<PipeWriter>) {
        *self.waker.lock().unwrap_or_else(PoisonError::into_inner) = waker;
    }

    /// Says that all is here that had been printed.
    pub(super) fn notify_flushed(&self) {
        self.flushed.notify_waiters();
    }

    /// Starts to read.
    pub(crate) fn reader(&self) -> Reader<'_> {
        self.lock().readers += 1;
        Reader { output: self }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn add(&mut self, stream: StdStream, data: &[u8]) {
        self.size += data.len();
        match self.pieces.back_mut() {
            // Many small pieces would cost more than what is in them.
            Some(last) if last.stream == stream && last.data.len() + data.len() <= MAX_CHUNK => {
                last.data.extend_from_slice(data);
            }
            _ => self.pieces.push_back(Printed {
                stream,
                data: data.to_vec(),
            }),
        }
        while self.size > CAPACITY {
            let Some(oldest) = self.pieces.pop_front() else {
                break;
            };
            self.size -= oldest.data.len();
            self.dropped += oldest.data.len();
        }
    }

    fn take(&mut self) -> Option<Printed> {
        if self.dropped > 0 {
            let note = format!("[{} bytes of output were dropped]\n", self.dropped);
            self.dropped = 0;
            return Some(Printed {
                stream: StdStream::Stderr,
                data: note.into_bytes(),
            });
        }
        let piece = self.pieces.pop_front()?;
        self.size -= piece.data.len();
        Some(piece)
    }
}

/// Somebody who reads; while there is one, writers wait for it a little.
pub(crate) struct Reader<'a> {
    output: &'a Output,
}

impl Reader<'_> {
    /// Waits for the next piece.
    pub(crate) async fn next(&mut self) -> Printed {
        loop {
            if let Some(piece) = self.take() {
                return piece;
            }
            self.output.filled.notified().await;
        }
    }

    /// The next piece, if there is one already.
    pub(crate) fn take(&mut self) -> Option<Printed> {
        let mut state = self.output.lock();
        state.stalled = false;
        let piece = state.take()?;
        drop(state);
        self.output.drained.notify_one();
        Some(piece)
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        self.output.lock().readers -= 1;
        self.output.drained.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_is_read_in_order() {
        let output = Output::default();
        output.push(StdStream::Stdout, b"one");
        output.push(StdStream::Stderr, b"two");
        let mut reader = output.reader();
        let piece = |stream, text: &str| {
            let data = text.as_bytes().to_vec();
            Some(Printed { stream, data })
        };
        assert_eq!(reader.take(), piece(StdStream::Stdout, "one"));
        assert_eq!(reader.take(), piece(StdStream::Stderr, "two"));
        assert_eq!(reader.take(), None);
    }

    #[test]
    fn missing_reader_drops_the_oldest_and_counts_it() {
        let output = Output::default();
        let chunk = vec![b'x'; CAPACITY / 4];
        for _ in 0..5 {
            output.push(StdStream::Stdout, &chunk);
        }
        let mut reader = output.reader();
        let note = reader.take().expect("a note of the loss");
        let note = String::from_utf8(note.data).expect("text");
        assert_eq!(
            note,
            format!("[{} bytes of output were dropped]\n", CAPACITY / 4)
        );
        assert_eq!(std::iter::from_fn(|| reader.take()).count(), 4);
    }

    #[test]
    fn stalled_reader_is_waited_for_once() {
        let output = Output::default();
        let chunk = vec![b'x'; CAPACITY];
        let mut reader = output.reader();
        output.push(StdStream::Stdout, &chunk);
        assert!(!output.lock().stalled);
        output.push(StdStream::Stdout, &chunk);
        assert!(output.lock().stalled);
        // Were this to wait, it would take as long as the test suite may take.
        (0..10_000).for_each(|_| output.push(StdStream::Stdout, &chunk[..1]));
        reader.take().expect("a piece");
        assert!(!output.lock().stalled);
    }

    #[test]
    fn small_pieces_are_read_as_few() {
        let output = Output::default();
        (0..2 * MAX_CHUNK).for_each(|_| output.push(StdStream::Stdout, b"x"));
        output.push(StdStream::Stderr, b"y");
        let mut reader = output.reader();
        let sizes = std::iter::from_fn(|| reader.take()).map(|piece| piece.data.len());
        assert_eq!(sizes.collect::<Vec<_>>(), [MAX_CHUNK, MAX_CHUNK, 1]);
    }

    #[test]
    fn steady_reader_loses_nothing() {
        let output = Output::default();
        let chunk = vec![b'x'; CAPACITY / 4];
        let mut reader = output.reader();
        std::thread::scope(|scope| {
            scope.spawn(|| (0..40).for_each(|_| output.push(StdStream::Stdout, &chunk)));
            let runtime = tokio::runtime::Builder::new_current_thread().build();
            let read = async {
                for _ in 0..40 {
                    assert_eq!(reader.next().await.data.len(), chunk.len());
                }
            };
            runtime.expect("a runtime").block_on(read);
        });
    }
}
