//! The socket, in a directory of its own.

use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use tokio::net::{UnixListener, UnixStream};

use crate::Fault;

/// The socket; it is removed with this.
pub(crate) struct Socket {
    listener: UnixListener,
    path: PathBuf,
    fault: Fault,
}

impl Socket {
    pub(crate) fn bind(fault: Fault) -> io::Result<Self> {
        let name = format!("cvt-plugin-broken-{}", std::process::id());
        let mut path = directory(fault).join(name);
        if fault != Fault::SharedDirectory {
            DirBuilder::new().mode(0o700).create(&path)?;
            path.push("socket");
        }
        let listener = UnixListener::bind(&path)?;
        if fault == Fault::SharedDirectory {
            fs::set_permissions(&path, Permissions::from_mode(0o777))?;
        }
        Ok(Self {
            listener,
            path,
            fault,
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) async fn accept(&self) -> io::Result<UnixStream> {
        self.listener.accept().await.map(|(stream, _)| stream)
    }
}

/// The directory that the host wants, or the one where everybody has theirs.
fn directory(fault: Fault) -> PathBuf {
    let wanted = std::env::var_os("PLUGIN_UNIX_SOCKET_DIR").map(PathBuf::from);
    let wanted = wanted.filter(|_| fault != Fault::IgnoresSocketDirectory);
    wanted.unwrap_or_else(std::env::temp_dir)
}

impl Drop for Socket {
    fn drop(&mut self) {
        if self.fault == Fault::LeavesSocket {
            return;
        }
        // Whoever was faster has done it.
        let _ = fs::remove_file(&self.path);
        if let Some(directory) = self
            .path
            .parent()
            .filter(|_| self.fault != Fault::SharedDirectory)
        {
            let _ = fs::remove_dir(directory);
        }
    }
}
