//! The real stdout: the host reads one line there.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::panic;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::StartError;
use crate::handshake_line::HandshakeLine;

/// Takes one line for the host: the handshake, or why there is none. Cheap to clone.
#[derive(Clone)]
pub(crate) struct HandshakeOutput(Arc<Output>);

struct Output {
    // Open for as long as the process lives: its end is the host's sign of that.
    stdout: File,
    is_written: AtomicBool,
}

impl HandshakeOutput {
    pub(crate) fn new(stdout: File) -> Self {
        Self(Arc::new(Output {
            stdout,
            is_written: AtomicBool::new(false),
        }))
    }

    /// Tells the host where to connect. From here on nothing goes to the real stdout.
    ///
    /// # Errors
    ///
    /// If the host is gone.
    pub(crate) fn announce(&self, line: &HandshakeLine) -> Result<(), StartError> {
        self.write(&format!("{line}\n"))
            .map_err(StartError::Handshake)
    }

    /// Tells the host why there will be no handshake: see [`StartError::report`].
    pub(crate) fn report(&self, error: &StartError, stderr: &mut impl Write) {
        let line = error.line();
        // Where nobody reads it, the exit code has to do.
        let _ = self.write(&line);
        let _ = stderr.write_all(line.as_bytes());
    }

    /// Has panics that end the process tell the host, as long as there is no handshake line.
    pub(crate) fn report_aborts(&self) {
        // Others are caught where they matter.
        if cfg!(panic = "abort") {
            let (output, record) = (self.clone(), panic::take_hook());
            panic::set_hook(Box::new(move |panic| {
                let error = StartError::of_panic(panic.payload());
                output.report(&error, &mut io::sink());
                record(panic);
            }));
        }
    }

    fn write(&self, line: &str) -> io::Result<()> {
        if self.0.is_written.swap(true, Ordering::Relaxed) {
            return Ok(());
        }
        (&self.0.stdout).write_all(line.as_bytes())
    }
}

impl AsFd for HandshakeOutput {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.stdout.as_fd()
    }
}
