//! Why a plugin could not be launched.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::Duration;

use crate::Error;
use crate::protocol::PROTOCOL_VERSION;

/// Why a plugin could not be launched.
#[derive(Debug)]
#[non_exhaustive]
pub enum LaunchError {
    /// The binary could not be executed.
    Spawn {
        /// The binary.
        binary: PathBuf,
        /// The system's error.
        error: io::Error,
    },
    /// The process exited before its handshake line.
    Exited {
        /// Its exit status.
        status: ExitStatus,
        /// Its output on stdout.
        stdout: String,
        /// The last lines of its stderr.
        stderr: String,
    },
    /// There was no handshake line in time.
    NoHandshake {
        /// How long the host waited.
        timeout: Duration,
        /// The last lines of the process's stderr.
        stderr: String,
    },
    /// The first line on stdout is not a handshake line.
    BadHandshake {
        /// The line.
        line: String,
        /// What is wrong with it.
        why: String,
    },
    /// The plugin speaks another version of the plugin protocol.
    ProtocolVersion {
        /// The plugin's version.
        version: u32,
    },
    /// The plugin's socket did not accept a connection.
    Connect(io::Error),
    /// The plugin failed go-plugin's ping: the health of the service `plugin`.
    Ping(Error),
    /// `Info` failed.
    Info(Error),
    /// The plugin rejected a key of its config.
    SetConfig {
        /// The key.
        key: String,
        /// The plugin's error.
        error: Error,
    },
}

impl fmt::Display for LaunchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Spawn { binary, error } => {
                write!(f, "cannot start {}: {error}", shown(binary))?;
                match error.kind() {
                    io::ErrorKind::NotFound => write!(f, "; is the plugin built?"),
                    io::ErrorKind::PermissionDenied => write!(f, "; is the file executable?"),
                    // ENOEXEC, which has no kind of its own.
                    _ if error.raw_os_error() == Some(8) => {
                        write!(f, "; is it a binary for this machine's architecture?")
                    }
                    _ => Ok(()),
                }
            }
            Self::Exited {
                status,
                stdout,
                stderr,
            } => {
                write!(f, "the plugin exited before its handshake line ({status})")?;
                quote(f, "stdout", stdout)?;
                quote(f, "stderr", stderr)
            }
            Self::NoHandshake { timeout, stderr } => {
                write!(f, "no handshake line on stdout within {timeout:?}")?;
                quote(f, "stderr", stderr)
            }
            Self::BadHandshake { line, why } => write!(
                f,
                "the first line on stdout is not a handshake line, since {why}: {line:?}; nothing \
                 else may be printed to stdout"
            ),
            Self::ProtocolVersion { version } => write!(
                f,
                "the plugin speaks version {version} of the plugin protocol: expected {PROTOCOL_VERSION}"
            ),
            Self::Connect(error) => write!(f, "cannot connect to the plugin: {error}"),
            Self::Ping(error) => write!(
                f,
                "the plugin does not serve the health of `plugin`: {error}"
            ),
            Self::Info(error) => write!(f, "handshake Info: {error}"),
            Self::SetConfig { key, error } => write!(f, "SetConfig {key:?}: {error}"),
        }
    }
}

/// A path, in quotes if it would read like several words.
fn shown(path: &Path) -> String {
    let text = path.display().to_string();
    if text.contains(char::is_whitespace) {
        format!("'{text}'")
    } else {
        text
    }
}

fn quote(f: &mut fmt::Formatter<'_>, stream: &str, text: &str) -> fmt::Result {
    if text.is_empty() {
        write!(f, "; nothing on {stream}")
    } else {
        write!(f, "; on {stream}:\n{}", text.trim_end())
    }
}

impl std::error::Error for LaunchError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            // The message includes that of the error itself, so its source comes next.
            Self::Spawn { error, .. } | Self::Connect(error) => error.source(),
            Self::Ping(error) | Self::Info(error) | Self::SetConfig { error, .. } => error.source(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    #[test]
    fn report_of_all_sources_names_each_once() {
        let refused = io::Error::other(Error::unavailable("refused"));
        let error = LaunchError::Connect(refused);
        assert_eq!(error.to_string(), "cannot connect to the plugin: refused");
        assert!(error.source().is_none(), "{:?}", error.source());

        let offline = Error::unavailable("offline").with_source(io::Error::other("refused"));
        let error = LaunchError::Info(offline);
        let source = error.source().map(ToString::to_string);
        assert_eq!(error.to_string(), "handshake Info: offline");
        assert_eq!(source.as_deref(), Some("refused"));
    }
}
