//! Why a plugin cannot be served.

use std::error::Error;
use std::fmt;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::dispatch::scheduler::EngineError;
use crate::process::{InvalidVariable, ListenError, panic_message};
use crate::tls::TlsError;

/// Why a plugin cannot be served, in words for its operator.
///
/// All of it happens before the handshake line is out: a host that has read that line is served.
#[derive(Debug)]
pub(crate) enum StartError {
    /// The host asks for something that cannot be done.
    Environment(InvalidVariable),
    Streams(io::Error),
    Thread(io::Error),
    Engine(EngineError),
    Signals(io::Error),
    Tls(TlsError),
    Listener(ListenError),
    /// There are none left for the host's connection.
    Descriptors(io::Error),
    HandshakeLine(io::Error),
    #[cfg(feature = "reflection")]
    Reflection(tonic_reflection::server::Error),
    /// Something panicked before the handshake line.
    Panicked(String),
}

impl StartError {
    /// Does a step of the start, of which a panic is an error like any other.
    pub(super) fn catch<T>(step: impl FnOnce() -> Result<T, Self>) -> Result<T, Self> {
        let done = catch_unwind(AssertUnwindSafe(step));
        done.unwrap_or_else(|payload| Err(Self::Panicked(panic_message(&*payload).to_owned())))
    }

    #[cfg(feature = "reflection")]
    pub(crate) fn reflection(error: tonic_reflection::server::Error) -> Self {
        Self::Reflection(error)
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment(error) => error.fmt(f),
            Self::Streams(error) => write!(f, "cannot set up the standard streams: {error}"),
            Self::Thread(error) => write!(f, "cannot start a thread: {error}"),
            Self::Engine(error) => error.fmt(f),
            Self::Signals(error) => write!(f, "cannot handle signals: {error}"),
            Self::Tls(error) => error.fmt(f),
            Self::Listener(error) => error.fmt(f),
            Self::Descriptors(error) => write!(
                f,
                "no descriptors left for connections: {error}: raise the limit of open files \
                 (ulimit -n)"
            ),
            Self::HandshakeLine(error) => write!(f, "cannot write the handshake line: {error}"),
            #[cfg(feature = "reflection")]
            Self::Reflection(error) => write!(f, "cannot serve reflection: {error}"),
            Self::Panicked(message) => write!(f, "panicked before the handshake: {message}"),
        }
    }
}

impl Error for StartError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Streams(error)
            | Self::Thread(error)
            | Self::Signals(error)
            | Self::Descriptors(error)
            | Self::HandshakeLine(error) => Some(error),
            #[cfg(feature = "reflection")]
            Self::Reflection(error) => Some(error),
            // Their text is all of this one's: what they come from comes next.
            Self::Environment(error) => error.source(),
            Self::Engine(error) => error.source(),
            Self::Tls(error) => error.source(),
            Self::Listener(error) => error.source(),
            Self::Panicked(_) => None,
        }
    }
}
