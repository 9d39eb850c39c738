//! Removes the directories of plugins that were killed.

use std::path::{Path, PathBuf};
use std::{fs, io, thread};

use rustix::fs::{AtFlags, FileType, fstat, statat, unlinkat};

use super::directory::{SOCKET_NAME, is_own_directory, lock};

/// Sweeps `parent` on a thread of its own. What this one cannot do, the next plugin can.
pub(super) fn start(parent: PathBuf) {
    let _ = thread::Builder::new()
        .name("cvtplugin-sweep".into())
        .spawn(move || sweep(&parent));
}

fn sweep(parent: &Path) -> io::Result<()> {
    for entry in fs::read_dir(parent)? {
        let path = entry?.path();
        if is_own_directory(&path) && remove_if_dead(&path).is_ok() {
            tracing::debug!(path = %path.display(), "removed the directory of a killed plugin");
        }
    }
    Ok(())
}

/// Removes a directory of this user that no living plugin has locked, if there is no more in it
/// than a socket.
fn remove_if_dead(path: &Path) -> io::Result<()> {
    let locked = lock(path)?;
    if fstat(&locked)?.st_uid != rustix::process::geteuid().as_raw() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let socket = statat(&locked, SOCKET_NAME, AtFlags::SYMLINK_NOFOLLOW);
    if socket.is_ok_and(|socket| FileType::from_raw_mode(socket.st_mode) == FileType::Socket) {
        unlinkat(&locked, SOCKET_NAME, AtFlags::empty())?;
    }
    fs::remove_dir(path)
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;

    use super::*;
    use crate::process::listener::unix::OwnDirectory;

    #[test]
    fn sweep_removes_what_is_dead_and_spares_everything_else() {
        let parent = tempfile::tempdir().expect("a directory");
        let in_it = |name: &str| parent.path().join(name);
        let living = OwnDirectory::create_in(parent.path(), None).expect("a directory");
        let dead = [in_it("cvtp-DEAD1"), in_it("cvtp-DEAD2")];
        let spared = [
            living.path().to_owned(),
            in_it("cvtp-FULL1"),
            in_it("cvtp-longer"),
            in_it("cvt-plugin"),
        ];
        for path in dead.iter().chain(&spared[1..]) {
            fs::create_dir(path).expect("a directory");
        }
        drop(UnixListener::bind(dead[0].join(SOCKET_NAME)).expect("a socket"));
        fs::write(spared[1].join(SOCKET_NAME), "not a socket").expect("a file");
        sweep(parent.path()).expect("it can be listed");
        for path in &dead {
            assert!(!path.exists(), "{} is left", path.display());
        }
        for path in &spared {
            assert!(path.exists(), "{} is gone", path.display());
        }
    }
}
