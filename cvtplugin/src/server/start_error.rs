//! Why a plugin cannot be served.

use std::fmt;
use std::io;

use super::dispatch::scheduler::EngineError;

/// Why a plugin cannot be served, in words for its operator.
#[derive(Debug)]
pub(crate) enum StartError {
    /// What the host says in the environment.
    Environment(String),
    Streams(io::Error),
    Thread(io::Error),
    Engine(EngineError),
    Signals(io::Error),
    Tls(String),
    Listener(String),
    /// There are none left for the host's connection.
    Descriptors(io::Error),
    HandshakeLine(io::Error),
    #[cfg(feature = "reflection")]
    Reflection(tonic_reflection::server::Error),
    /// Something panicked before the handshake line.
    Panicked,
}

impl StartError {
    #[cfg(feature = "reflection")]
    pub(crate) fn reflection(error: tonic_reflection::server::Error) -> Self {
        Self::Reflection(error)
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment(why) | Self::Tls(why) | Self::Listener(why) => f.write_str(why),
            Self::Streams(error) => write!(f, "cannot set up the standard streams: {error}"),
            Self::Thread(error) => write!(f, "cannot start a thread: {error}"),
            Self::Engine(error) => error.fmt(f),
            Self::Signals(error) => write!(f, "cannot listen for signals: {error}"),
            Self::Descriptors(error) => write!(
                f,
                "no descriptors left for connections: {error}: raise the limit of open files \
                 (ulimit -n)"
            ),
            Self::HandshakeLine(error) => write!(f, "cannot write the handshake line: {error}"),
            #[cfg(feature = "reflection")]
            Self::Reflection(error) => write!(f, "cannot serve reflection: {error}"),
            Self::Panicked => f.write_str("panicked before the handshake: stderr has the panic"),
        }
    }
}

impl std::error::Error for StartError {}
