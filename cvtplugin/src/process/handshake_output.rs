//! The real stdout: the host reads one line there.

use std::any::Any;
use std::fmt::Display;
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::panic;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Once};

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
    /// If nobody reads it.
    pub(crate) fn announce(&self, line: &HandshakeLine) -> io::Result<()> {
        (&*self).write_all(format!("{line}\n").as_bytes())
    }

    /// Has a panic that ends the process explain itself to the host, as long as there is no
    /// handshake line.
    pub(crate) fn explain_aborts(&self) {
        // Others are caught where they matter.
        if cfg!(panic = "abort") {
            let (output, record) = (self.clone(), panic::take_hook());
            panic::set_hook(Box::new(move |panic| {
                let why = early_panic(panic.payload());
                explain(&why, &mut &output, &mut io::sink());
                record(panic);
            }));
        }
    }
}

/// The first line alone is written; later ones are nobody's.
impl Write for &HandshakeOutput {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if !self.0.is_written.swap(true, Ordering::Relaxed) {
            (&self.0.stdout).write_all(line)?;
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl AsFd for HandshakeOutput {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.stdout.as_fd()
    }
}

/// Has a panic that ends the process explain itself to the host, as long as stdout is the real one.
pub(crate) fn explain_early_aborts() {
    static ONCE: Once = Once::new();
    // Others are caught where they matter.
    if cfg!(panic = "abort") {
        ONCE.call_once(|| {
            let record = panic::take_hook();
            panic::set_hook(Box::new(move |panic| {
                record(panic);
                let why = early_panic(panic.payload());
                explain(&why, &mut io::stdout(), &mut io::sink());
            }));
        });
    }
}

/// What a panic before the handshake line is to the host.
fn early_panic(payload: &(dyn Any + Send)) -> String {
    format!("panicked before the handshake: {}", panic_message(payload))
}

/// Says why there will be no handshake: on stderr, and, since that is all that go-plugin shows its
/// user, as one line on stdout that is not a handshake.
pub(crate) fn explain(why: &dyn Display, stdout: &mut impl Write, stderr: &mut impl Write) {
    let line = format!("cvt plugin: {why}").replace(['|', '\n', '\r'], " ") + "\n";
    for stream in [stdout as &mut dyn Write, stderr] {
        // Where nobody reads it, the exit code has to do.
        let _ = stream.write_all(line.as_bytes());
        let _ = stream.flush();
    }
}

/// What a panic says.
pub(crate) fn panic_message(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("with a payload that is not text")
}
