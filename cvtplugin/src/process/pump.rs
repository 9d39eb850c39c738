//! The thread that drains what is printed, so that nobody who prints ever waits for the host.

use std::fs::File;
use std::io::{self, PipeReader, Read as _, Write as _};
use std::os::fd::AsFd as _;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::{Output, within};
use crate::logging::LogSink;
use crate::std_stream::StdStream;

/// Read at once, and sent to the host as one piece.
const CHUNK: usize = 16 * 1024;

/// What a pipe holds at most, unless somebody asks the system for more.
const PIPE: usize = 1024 * 1024;

/// How much of a line is waited for. A longer one goes to the log in several.
const MAX_LINE: usize = 60 * 1024;

/// How long the end of the process waits for what was printed last.
const FLUSH_TIMEOUT: Duration = Duration::from_millis(100);

/// The running thread.
pub(crate) struct Pump {
    output: Arc<Output>,
    stopped: mpsc::Receiver<()>,
}

impl Pump {
    /// Passes on what arrives in the pipes: all of it to `output`, stderr's lines also to the
    /// host's log as they are, and stdout's at debug.
    pub(crate) fn start(
        stdout: File,
        stderr: File,
        output: Arc<Output>,
        sink: LogSink,
    ) -> io::Result<Self> {
        let (mut wake_up, waker) = io::pipe()?;
        let (done, stopped) = mpsc::channel();
        let mut streams = [
            Pipe::new(stdout, StdStream::Stdout, output.clone(), sink.clone()),
            Pipe::new(stderr, StdStream::Stderr, output.clone(), sink),
        ];
        output.set_waker(Some(waker));
        let flushing = output.clone();
        thread::Builder::new()
            .name("cvtplugin-output".into())
            .spawn(move || {
                while let Some(woken) = wait(&streams, &mut wake_up) {
                    if woken {
                        streams.iter_mut().for_each(Pipe::drain_all);
                        streams.iter_mut().for_each(Pipe::finish);
                        flushing.notify_flushed();
                    } else {
                        streams.iter_mut().for_each(Pipe::drain);
                    }
                }
                streams.iter_mut().for_each(Pipe::drain_all);
                streams.iter_mut().for_each(Pipe::finish);
                let _ = done.send(());
            })?;
        Ok(Self { output, stopped })
    }

    /// Passes on what has been printed until now, and ends the thread.
    pub(crate) fn finish(self) {
        // Some handler that was given up may hold stdout's lock.
        within(FLUSH_TIMEOUT, || drop(io::stdout().flush()));
        self.output.set_waker(None);
        // A host that does not read its log may hold the thread up, but not the end.
        let _ = self.stopped.recv_timeout(FLUSH_TIMEOUT);
    }
}

/// Waits until there is something to read, or somebody wants all that is there to be passed on:
/// then `true`. `None` when the end has come.
fn wait(streams: &[Pipe], wake_up: &mut PipeReader) -> Option<bool> {
    let mut fds: Vec<_> = streams
        .iter()
        .filter(|stream| !stream.ended)
        .map(|stream| PollFd::from_borrowed_fd(stream.file.as_fd(), PollFlags::IN))
        .collect();
    fds.push(PollFd::new(wake_up, PollFlags::IN));
    match poll(&mut fds, None) {
        Ok(_) | Err(rustix::io::Errno::INTR) => {}
        Err(_) => return None,
    }
    let is_woken = fds.pop().is_some_and(|fd| !fd.revents().is_empty());
    if is_woken {
        // Closed, it says that the end has come.
        wake_up.read_exact(&mut [0]).ok()?;
    }
    Some(is_woken)
}

struct Pipe {
    file: File,
    /// Whether nobody can print to it any more.
    ended: bool,
    stream: StdStream,
    /// The beginning of a line.
    line: Vec<u8>,
    /// How much of it the host was sent already.
    sent: usize,
    output: Arc<Output>,
    sink: LogSink,
}

impl Pipe {
    fn new(file: File, stream: StdStream, output: Arc<Output>, sink: LogSink) -> Self {
        Self {
            file,
            ended: false,
            stream,
            line: Vec::new(),
            sent: 0,
            output,
            sink,
        }
    }

    /// Takes some of what is in the pipe now. The rest can wait: the other stream has its turn,
    /// however fast this one is filled.
    fn drain(&mut self) {
        let mut chunk = [0; CHUNK];
        match self.file.read(&mut chunk) {
            Ok(0) => self.ended = true,
            Ok(length) => self.take(&chunk[..length]),
            // Interrupted, or empty: it is looked at again.
            Err(_) => {}
        }
    }

    /// Takes all that is in the pipe now: no more than a pipe holds, however fast it is filled.
    fn drain_all(&mut self) {
        for _ in 0..PIPE / CHUNK {
            if self.ended || !self.has_data() {
                break;
            }
            self.drain();
        }
    }

    fn has_data(&self) -> bool {
        let mut fds = [PollFd::new(&self.file, PollFlags::IN)];
        matches!(poll(&mut fds, Some(&Timespec::default())), Ok(1..))
    }

    fn take(&mut self, data: &[u8]) {
        for piece in data.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(piece);
            if self.line.ends_with(b"\n") {
                self.pass_on(self.line.len());
            } else if self.line.len() >= MAX_LINE {
                self.pass_on(self.place_to_cut());
            }
        }
        if !self.sink.redactor().has_secrets() {
            // A line that is not complete, such as a prompt. With secrets it has to wait: one may
            // be in the middle of it.
            self.send(self.line.len());
        }
    }

    /// Where to cut a line that is too long to wait for its end: in no character and no secret. 0
    /// while that takes more of it.
    fn place_to_cut(&self) -> usize {
        let whole = whole_characters(&self.line);
        self.sink.redactor().place_to_cut(&self.line[..whole])
    }

    /// Passes on a last line that nobody ended.
    fn finish(&mut self) {
        self.pass_on(self.line.len());
    }

    /// Sends the host what it was not sent yet of the first so many bytes of the line.
    fn send(&mut self, length: usize) {
        let unsent = &self.line[self.sent.min(length)..length];
        let redactor = self.sink.redactor();
        if redactor.has_secrets() {
            let text = String::from_utf8_lossy(unsent);
            self.output
                .push(self.stream, redactor.redact(&text).as_bytes());
        } else if !unsent.is_empty() {
            self.output.push(self.stream, unsent);
        }
        self.sent = self.sent.max(length);
    }

    /// Sends the first so many bytes of the line, and logs them.
    fn pass_on(&mut self, length: usize) {
        if length == 0 {
            return;
        }
        self.send(length);
        let line = String::from_utf8_lossy(&self.line[..length]);
        let line = line.trim_end_matches(['\n', '\r']);
        match self.stream {
            // Not through `tracing`: the author's subscriber may print, to this very pipe.
            StdStream::Stdout => self.sink.log_stdout(line),
            StdStream::Stderr => self.sink.pass_on(line),
        }
        self.line.drain(..length);
        self.sent -= length;
    }
}

/// How much of a line can be taken without cutting a character in two.
fn whole_characters(line: &[u8]) -> usize {
    match std::str::from_utf8(line) {
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        _ => line.len(),
    }
}
