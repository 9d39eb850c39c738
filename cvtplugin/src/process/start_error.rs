//! Why a plugin cannot start to serve.

use std::any::Any;
use std::error::Error;
use std::fmt;
use std::io::{self, Write};
use std::panic::{self, AssertUnwindSafe};

use super::{InvalidVariable, ListenError};
use crate::tls::TlsError;

/// Why a plugin cannot start to serve the host that launched it.
///
/// All of it happens before the handshake line is out: a host that has read that line is served.
#[derive(Debug)]
pub(crate) enum StartError {
    /// The host asks for something that cannot be done.
    Environment(InvalidVariable),
    /// The real stdout and stderr cannot be moved aside.
    Streams(io::Error),
    /// There can be no runtime.
    Runtime(io::Error),
    /// There can be no thread for this purpose.
    Thread {
        purpose: &'static str,
        error: io::Error,
    },
    /// The signals cannot be handled.
    Signals(io::Error),
    /// The connections cannot be secured as the host asks.
    Tls(TlsError),
    /// There is nowhere to listen.
    Listen(ListenError),
    /// There can be no server reflection.
    #[cfg(feature = "reflection")]
    Reflection(tonic_reflection::server::Error),
    /// Nobody reads the handshake line.
    Handshake(io::Error),
    /// A panic, with its message.
    Panic(String),
}

impl StartError {
    /// Does a step of the start, of which a panic is an error like any other.
    ///
    /// # Errors
    ///
    /// Those of the step, and its panic.
    pub(crate) fn catch<T>(step: impl FnOnce() -> Result<T, Self>) -> Result<T, Self> {
        panic::catch_unwind(AssertUnwindSafe(step))
            .unwrap_or_else(|payload| Err(Self::of_panic(&*payload)))
    }

    pub(super) fn of_panic(payload: &(dyn Any + Send)) -> Self {
        let text = payload.downcast_ref::<&str>().copied();
        let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        Self::Panic(text.unwrap_or("with a payload that is not text").to_owned())
    }

    /// One line, in which there is nothing that a host could take for a handshake.
    pub(super) fn line(&self) -> String {
        format!("cvt plugin: {self}").replace(['|', '\n', '\r'], " ") + "\n"
    }

    /// Says why there will be no handshake: on stderr, and, since that is all that go-plugin shows
    /// its user, as one line that is no handshake on stdout.
    pub(crate) fn report(&self, stdout: &mut impl Write, stderr: &mut impl Write) {
        let line = self.line();
        for stream in [stdout as &mut dyn Write, stderr] {
            // Where nobody reads it, the exit code has to do.
            let _ = stream.write_all(line.as_bytes());
            let _ = stream.flush();
        }
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment(error) => error.fmt(f),
            Self::Streams(error) => write!(f, "cannot set up stdout and stderr: {error}"),
            Self::Runtime(error) => write!(f, "cannot start the runtime: {error}"),
            Self::Thread { purpose, error } => {
                write!(f, "cannot start the thread {purpose}: {error}")
            }
            Self::Signals(error) => write!(f, "cannot handle signals: {error}"),
            Self::Tls(error) => error.fmt(f),
            Self::Listen(error) => error.fmt(f),
            #[cfg(feature = "reflection")]
            Self::Reflection(error) => write!(f, "cannot serve reflection: {error}"),
            Self::Handshake(error) => write!(f, "cannot write the handshake line: {error}"),
            Self::Panic(message) => write!(f, "the plugin panicked before its start: {message}"),
        }
    }
}

impl Error for StartError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Streams(error)
            | Self::Runtime(error)
            | Self::Thread { error, .. }
            | Self::Signals(error)
            | Self::Handshake(error) => Some(error),
            #[cfg(feature = "reflection")]
            Self::Reflection(error) => Some(error),
            // Their text is all of this one's: what they come from comes next.
            Self::Environment(error) => error.source(),
            Self::Tls(error) => error.source(),
            Self::Listen(error) => error.source(),
            Self::Panic(_) => None,
        }
    }
}

impl From<InvalidVariable> for StartError {
    fn from(error: InvalidVariable) -> Self {
        Self::Environment(error)
    }
}

impl From<TlsError> for StartError {
    fn from(error: TlsError) -> Self {
        Self::Tls(error)
    }
}

impl From<ListenError> for StartError {
    fn from(error: ListenError) -> Self {
        Self::Listen(error)
    }
}
