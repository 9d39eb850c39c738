//! Why a plugin cannot listen.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why a plugin cannot listen where the host wants it.
#[derive(Debug)]
pub(crate) enum ListenError {
    /// No directory of our own can be made.
    Directory { parent: PathBuf, error: io::Error },
    /// No socket can be made.
    Socket {
        directory: PathBuf,
        error: io::Error,
    },
    /// The socket's path is longer than an address can be.
    PathTooLong { length: usize, limit: usize },
    /// The socket's path cannot be a field of the handshake line.
    PathNotPrintable { path: PathBuf },
    /// There is no such group.
    UnknownGroup { name: String },
    /// The system does not say whether there is such a group.
    GroupLookup { name: String, error: io::Error },
    /// The group may not be given what has to be shared with it.
    GroupNotOurs { name: String, error: io::Error },
    /// No port of the range is free.
    Ports {
        first: u16,
        last: u16,
        error: io::Error,
    },
    /// The system does not say which port it chose.
    Address(io::Error),
}

impl fmt::Display for ListenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory { parent, error } => write!(
                f,
                "cannot create a directory in {}: {error}: set TMPDIR to a directory that this \
                 user can write to",
                parent.display()
            ),
            Self::Socket { directory, error } => {
                write!(f, "cannot listen in {}: {error}", directory.display())
            }
            Self::PathTooLong { length, limit } => write!(
                f,
                "the socket's path is too long, {length} bytes: expected at most {limit}: set \
                 PLUGIN_UNIX_SOCKET_DIR or TMPDIR to a shorter path"
            ),
            Self::PathNotPrintable { path } => write!(
                f,
                "invalid path of the socket, {:?}: expected UTF-8, on one line and without a \
                 vertical bar: set PLUGIN_UNIX_SOCKET_DIR or TMPDIR to such a path",
                path.to_string_lossy()
            ),
            Self::UnknownGroup { name } => write!(
                f,
                "invalid PLUGIN_UNIX_SOCKET_GROUP {name:?}: expected the name or number of a \
                 group of this system"
            ),
            Self::GroupLookup { name, error } => write!(
                f,
                "cannot look up the group {name:?} (PLUGIN_UNIX_SOCKET_GROUP): {error}"
            ),
            Self::GroupNotOurs { name, error } => write!(
                f,
                "cannot share the socket with the group {name:?} (PLUGIN_UNIX_SOCKET_GROUP), of \
                 which this process has to be a member: {error}"
            ),
            Self::Ports { first, last, error } => write!(
                f,
                "cannot listen on any port of 127.0.0.1 from {first} to {last} \
                 (PLUGIN_MIN_PORT, PLUGIN_MAX_PORT): {error}"
            ),
            Self::Address(error) => write!(f, "cannot find out the port to listen on: {error}"),
        }
    }
}

impl Error for ListenError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Directory { error, .. }
            | Self::Socket { error, .. }
            | Self::GroupLookup { error, .. }
            | Self::GroupNotOurs { error, .. }
            | Self::Ports { error, .. }
            | Self::Address(error) => Some(error),
            Self::PathTooLong { .. }
            | Self::PathNotPrintable { .. }
            | Self::UnknownGroup { .. } => None,
        }
    }
}
