//! A unix socket.
//!
//! It is fresh, and for our own user and root alone, unless the host names a group. Then the
//! group's members may connect as well, whoever they are: that is what the host asks for.
//!
//! The directory that the host names may be open to others, so nothing here follows a link in it:
//! binding fails where anything is already, permissions are there from the start, and the group
//! is set on the name itself.

mod directory;
mod group;
mod sweep;

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::task::{Context, Poll, ready};

use rustix::fs::Mode;
use tempfile::TempPath;
use tokio::net::{UnixListener, UnixSocket, UnixStream};

#[cfg(feature = "host")]
pub(crate) use directory::is_own_directory;
use directory::{OwnDirectory, SOCKET_NAME, with_permissions};
use group::Group;

use super::super::environment::SocketDirectory;
use super::ListenError;
use crate::first_time::FirstTime;

/// The longest path that a socket's address holds, its end mark apart.
const MAX_PATH: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// How many connections may wait to be accepted.
const BACKLOG: u32 = 1024;

/// A listening socket. Its file, and the directory made for it, are gone when this is dropped.
pub(crate) struct Socket {
    listener: UnixListener,
    // Dropped in this order: the file before the directory.
    file: TempPath,
    directory: Option<OwnDirectory>,
    /// Whether a group's members may connect.
    is_shared: bool,
    refusals: FirstTime,
}

impl Socket {
    /// Listens on a fresh socket.
    pub(super) fn bind(
        directory: &SocketDirectory,
        group: Option<&str>,
    ) -> Result<Self, ListenError> {
        let group = group.map(Group::find).transpose()?;
        let group = group.as_ref();
        let socket = match directory {
            SocketDirectory::Host(directory) => Self::in_host_directory(directory, group)?,
            SocketDirectory::OwnIn(parent) => Self::in_own_directory(parent, group)?,
        };
        in_a_line(&socket.file)?;
        Ok(socket)
    }

    fn in_host_directory(directory: &Path, group: Option<&Group>) -> Result<Self, ListenError> {
        let mut failed = None;
        let file = tempfile::Builder::new()
            .prefix("plugin")
            .make_in(directory, |path| {
                listen(path, group).map_err(|error| match error {
                    ListenError::Socket { error, .. } => error,
                    error => {
                        failed = Some(error);
                        io::ErrorKind::Other.into()
                    }
                })
            })
            .map_err(|error| {
                failed.unwrap_or(ListenError::Socket {
                    directory: directory.to_owned(),
                    error,
                })
            })?;
        let (listener, file) = file.into_parts();
        Ok(Self {
            listener,
            file,
            directory: None,
            is_shared: group.is_some(),
            refusals: FirstTime::default(),
        })
    }

    fn in_own_directory(parent: &Path, group: Option<&Group>) -> Result<Self, ListenError> {
        let directory = OwnDirectory::create_in(parent, group)?;
        let path = directory.path().join(SOCKET_NAME);
        let listener = listen(&path, group)?;
        let file = TempPath::try_from_path(path).map_err(|error| ListenError::Socket {
            directory: directory.path().to_owned(),
            error,
        })?;
        Ok(Self {
            listener,
            file,
            directory: Some(directory),
            is_shared: group.is_some(),
            refusals: FirstTime::default(),
        })
    }

    /// The socket's path.
    pub(super) fn address(&self) -> &str {
        // It was looked at when it was bound.
        self.file.to_str().unwrap_or_default()
    }

    /// See [`Listener::sweep`](super::Listener::sweep).
    pub(super) fn sweep(&self) {
        if let Some(parent) = self.directory.as_ref().and_then(OwnDirectory::parent) {
            sweep::start(parent.to_owned());
        }
    }

    /// Waits for a connection of somebody who may connect; others' are refused.
    pub(super) fn poll_accept(&self, cx: &mut Context<'_>) -> Poll<io::Result<UnixStream>> {
        loop {
            let (stream, _) = ready!(self.listener.poll_accept(cx))?;
            // Who is in the group, the file's permissions say.
            if self.is_shared {
                return Poll::Ready(Ok(stream));
            }
            match may_connect(&stream) {
                Ok(()) => return Poll::Ready(Ok(stream)),
                Err(who) if self.refusals.happens() => {
                    tracing::warn!("refused a connection of {who}; others are logged at debug");
                }
                Err(who) => tracing::debug!("refused a connection of {who}"),
            }
        }
    }
}

/// Lets in our own user, and root: a host that gave up its privileges for the plugin, and could
/// read the plugin's memory anyway. The error says who else it is.
fn may_connect(stream: &UnixStream) -> Result<(), String> {
    match stream.peer_cred() {
        Ok(peer) if [0, rustix::process::geteuid().as_raw()].contains(&peer.uid()) => Ok(()),
        Ok(peer) => Err(format!("another user (uid {})", peer.uid())),
        Err(error) => Err(format!("an unknown user: {error}")),
    }
}

/// Listens on a fresh socket at `path`, and leaves nothing there if that fails.
fn listen(path: &Path, group: Option<&Group>) -> Result<UnixListener, ListenError> {
    let length = OsStr::as_bytes(path.as_os_str()).len();
    if length > MAX_PATH {
        let limit = MAX_PATH;
        return Err(ListenError::PathTooLong { length, limit });
    }
    let failed = |error| ListenError::Socket {
        directory: path.parent().unwrap_or(path).to_owned(),
        error,
    };
    let socket = UnixSocket::new_stream().map_err(failed)?;
    bind(&socket, path, group.is_some()).map_err(failed)?;
    // Until it listens, nobody can connect: not even the group that it had first.
    let shared = group.map_or(Ok(()), |group| group.take(path));
    shared
        .and_then(|()| socket.listen(BACKLOG).map_err(failed))
        .inspect_err(|_| drop(std::fs::remove_file(path)))
}

fn bind(socket: &UnixSocket, path: &Path, is_shared: bool) -> io::Result<()> {
    let mut permissions = Mode::RUSR | Mode::WUSR;
    if is_shared {
        permissions |= Mode::RGRP | Mode::WGRP;
    }
    with_permissions(permissions, || socket.bind(path))
}

/// Checks that a path can be a field of the handshake line.
fn in_a_line(path: &Path) -> Result<(), ListenError> {
    match path.to_str() {
        Some(path) if !path.contains(['|', '\n', '\r']) => Ok(()),
        _ => Err(ListenError::PathNotPrintable {
            path: path.to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[tokio::test]
    async fn path_in_use_is_neither_used_nor_followed() {
        let directory = tempfile::tempdir().expect("a directory");
        let [socket, link, target] =
            ["socket", "link", "target"].map(|name| directory.path().join(name));
        drop(listen(&socket, None).expect("a fresh socket"));
        symlink(&target, &link).expect("a link");
        for path in [&socket, &link] {
            let error = listen(path, None).expect_err("it is not fresh");
            assert!(
                matches!(&error, ListenError::Socket { error, .. }
                    if error.kind() == io::ErrorKind::AddrInUse),
                "{error:?}"
            );
        }
        assert!(!target.exists(), "the link was followed");
    }

    #[test]
    fn path_that_would_break_the_line_is_refused() {
        in_a_line(Path::new("/run/x")).expect("a field of a line");
        for path in ["/run/a|b".as_bytes(), b"/run/a\nb", b"/run/\xff"] {
            in_a_line(Path::new(OsStr::from_bytes(path))).expect_err("no field of a line");
        }
    }
}
