//! A unix socket.
//!
//! It is fresh, and for our own user alone, unless the host names a group. Then the group's
//! members may connect as well, whoever they are: that is what the host asks for.
//!
//! The folder that the host names may be open to others, so nothing here follows a link in it:
//! binding fails where anything is already, permissions are there from the start, and the group
//! is set on the name itself.

mod group;

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use rustix::fs::Mode;
use tempfile::{NamedTempFile, TempDir};
use tokio::net::{UnixListener, UnixSocket, UnixStream};

use group::Group;

/// The longest path that a socket's address holds, its end mark apart.
const MAX_PATH: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// How many connections may wait to be accepted.
const BACKLOG: u32 = 1024;

/// A listening socket. Its file, and the folder made for it, are gone when this is dropped.
pub(crate) struct Socket {
    // Dropped in this order: the file before the folder.
    file: NamedTempFile<UnixListener>,
    _folder: Option<TempDir>,
    group: Option<Group>,
}

impl Socket {
    /// Listens on a fresh socket: in `dir` if the host named one, else in a folder of its own.
    pub(super) fn bind(dir: Option<&Path>, group: Option<&str>) -> Result<Self, String> {
        let group = group.map(Group::find).transpose()?;
        let folder = match dir {
            Some(_) => None,
            None => Some(own_folder(group.as_ref()).map_err(|error| {
                let parent = std::env::temp_dir();
                format!("cannot make a folder in {}: {error}", parent.display())
            })?),
        };
        let parent = folder.as_ref().map(TempDir::path).or(dir);
        let parent = parent.map_or_else(std::env::temp_dir, Path::to_owned);
        let file = tempfile::Builder::new()
            .prefix("plugin")
            .make_in(&parent, |path| listen(path, group.as_ref()))
            .map_err(|error| format!("cannot listen in {}: {error}", parent.display()))?;
        Ok(Self {
            file,
            _folder: folder,
            group,
        })
    }

    /// The socket's path.
    pub(super) fn address(&self) -> Result<String, String> {
        in_a_line(self.file.path())
    }

    /// Waits for a connection of somebody who may connect; others' are refused.
    pub(super) async fn accept(&self) -> io::Result<UnixStream> {
        loop {
            let (stream, _) = self.file.as_file().accept().await?;
            // Who is in the group, the file's permissions say.
            if self.group.is_some() || is_our_own(&stream) {
                return Ok(stream);
            }
        }
    }
}

fn is_our_own(stream: &UnixStream) -> bool {
    match stream.peer_cred() {
        Ok(peer) if peer.uid() == rustix::process::geteuid().as_raw() => true,
        Ok(peer) => {
            tracing::warn!(uid = peer.uid(), "refused a connection of another user");
            false
        }
        Err(error) => {
            tracing::warn!(%error, "refused a connection of nobody known");
            false
        }
    }
}

/// Makes a folder that its owner alone can change, and the group's members can pass through.
fn own_folder(group: Option<&Group>) -> io::Result<TempDir> {
    let permissions = std::fs::Permissions::from_mode;
    let folder = tempfile::Builder::new()
        .prefix(super::FOLDER_PREFIX)
        .permissions(permissions(0o700))
        .tempdir()?;
    if let Some(group) = group {
        group.take(folder.path())?;
        std::fs::set_permissions(folder.path(), permissions(0o710))?;
    }
    Ok(folder)
}

fn listen(path: &Path, group: Option<&Group>) -> io::Result<UnixListener> {
    let path = std::path::absolute(path)?;
    let length = OsStr::as_bytes(path.as_os_str()).len();
    if length > MAX_PATH {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!(
                "the socket's path has {length} bytes, over this system's limit of {MAX_PATH}: \
                 set PLUGIN_UNIX_SOCKET_DIR or TMPDIR to a shorter one"
            ),
        ));
    }
    let socket = UnixSocket::new_stream()?;
    let owner = Mode::RUSR | Mode::WUSR;
    match group {
        None => with_permissions(owner, || socket.bind(&path))?,
        Some(group) => {
            with_permissions(owner | Mode::RGRP | Mode::WGRP, || socket.bind(&path))?;
            // Until it listens, nobody can connect: not even the group that it had first.
            group.take(&path).inspect_err(|_| {
                let _ = std::fs::remove_file(&path);
            })?;
        }
    }
    socket.listen(BACKLOG)
}

/// Makes a file that has exactly these permissions from its start.
///
/// What other threads make meanwhile has no more than these; of ours, none makes files.
fn with_permissions<T>(permissions: Mode, make: impl FnOnce() -> T) -> T {
    let before = rustix::process::umask(Mode::from_raw_mode(0o777) - permissions);
    let result = make();
    rustix::process::umask(before);
    result
}

/// A path as a field of the handshake line.
fn in_a_line(path: &Path) -> Result<String, String> {
    match path.to_str() {
        Some(path) if !path.contains(['|', '\n', '\r']) => Ok(path.to_owned()),
        _ => Err(format!(
            "the host cannot be told of the socket at {}: its path has to be UTF-8, on one line \
             and without a vertical bar",
            path.display()
        )),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[tokio::test]
    async fn what_is_there_already_is_neither_used_nor_followed() {
        let folder = tempfile::tempdir().expect("a folder");
        let [socket, link, target] =
            ["socket", "link", "target"].map(|name| folder.path().join(name));
        drop(listen(&socket, None).expect("a fresh socket"));
        symlink(&target, &link).expect("a link");
        for path in [&socket, &link] {
            let error = listen(path, None).expect_err("it is not fresh");
            assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
        }
        assert!(!target.exists(), "the link was followed");
    }

    #[test]
    fn a_path_that_would_break_the_line_is_refused() {
        assert_eq!(in_a_line(Path::new("/run/x")), Ok("/run/x".to_owned()));
        for path in ["/run/a|b".as_bytes(), b"/run/a\nb", b"/run/\xff"] {
            in_a_line(Path::new(OsStr::from_bytes(path))).expect_err("no field of a line");
        }
    }
}
