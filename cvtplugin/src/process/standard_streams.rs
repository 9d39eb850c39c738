//! Keeps the process's real standard streams for the protocol.
//!
//! The host reads one line from stdout and log lines from stderr, and waits for the end of both
//! before it is done with a plugin. So what the author, a C library or a child prints must not
//! reach them, and no child may hold them open: both are moved to descriptors that children do
//! not inherit, and pipes of our own take their places.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};

use rustix::io::fcntl_dupfd_cloexec;
use rustix::stdio::{dup2_stderr, dup2_stdout, stderr, stdout};

/// The real streams, and the reading ends of the pipes in their places.
pub(crate) struct StandardStreams {
    /// The host reads the handshake line here, and nothing else.
    pub(crate) real_stdout: File,
    /// The host reads log lines here.
    pub(crate) real_stderr: File,
    /// What anybody prints to stdout.
    pub(crate) printed_stdout: File,
    /// What anybody prints to stderr.
    pub(crate) printed_stderr: File,
}

impl StandardStreams {
    /// Moves the real streams aside. To be called before any code of the author's runs.
    ///
    /// # Errors
    ///
    /// If there are no descriptors left. The streams are then what they were.
    pub(crate) fn take_over() -> io::Result<Self> {
        let real_stdout = move_aside(stdout())?;
        let real_stderr = move_aside(stderr())?;
        let (printed_stdout, stdout_end) = pipe()?;
        let (printed_stderr, stderr_end) = pipe()?;
        dup2_stdout(stdout_end)?;
        dup2_stderr(stderr_end)?;
        Ok(Self {
            real_stdout: real_stdout.into(),
            real_stderr: real_stderr.into(),
            printed_stdout: printed_stdout.into(),
            printed_stderr: printed_stderr.into(),
        })
    }
}

/// A copy that no child inherits and that is none of the three standard descriptors.
fn move_aside(stream: impl AsFd) -> io::Result<OwnedFd> {
    const FIRST_FREE: i32 = 3;
    Ok(fcntl_dupfd_cloexec(stream, FIRST_FREE)?)
}

/// A pipe that no child inherits, whose reading end never blocks: the pump waits for several at
/// once.
fn pipe() -> io::Result<(OwnedFd, OwnedFd)> {
    let (reader, writer) = io::pipe()?;
    rustix::io::ioctl_fionbio(&reader, true)?;
    Ok((reader.into(), writer.into()))
}
