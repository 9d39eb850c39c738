//! The directory that a plugin makes for its socket.
//!
//! It is locked for as long as its plugin lives, however that ends: a lock that can be had says
//! that the directory is a dead plugin's, which [`sweep`](super::sweep) then removes. That may
//! happen to a new one too, before it is locked: so, once it is, it has to be there still.

use std::fs::{self, Permissions};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, Mode, OFlags, flock, fstat, lstat, open};
use rustix::io::Errno;

use super::group::Group;
use crate::process::listener::error::ListenError;

/// What the socket is called in a directory of our own. Short: there is little room in an address.
pub(super) const SOCKET_NAME: &str = "s";

/// How the names of these directories begin. Short: there is little room in a socket's address.
const PREFIX: &str = "cvtp-";

/// How many random characters follow.
const RANDOM: usize = 5;

/// How often to try again when another plugin has taken the directory for a dead one's.
const ATTEMPTS: usize = 16;

/// A directory that its owner alone can change, and that is gone when this is dropped.
pub(super) struct OwnDirectory {
    path: PathBuf,
    /// Held for as long as the directory is in use, where the file system has locks.
    lock: Option<OwnedFd>,
}

impl OwnDirectory {
    /// Makes a fresh directory in `parent`, which the group's members can pass through.
    pub(super) fn create_in(parent: &Path, group: Option<&Group>) -> Result<Self, ListenError> {
        let failed = |error| ListenError::Directory {
            parent: parent.to_owned(),
            error,
        };
        // The plugin may leave the current directory.
        let parent = std::path::absolute(parent).map_err(failed)?;
        let directory = (0..ATTEMPTS)
            .find_map(|_| Self::create_locked(&parent).transpose())
            .unwrap_or_else(|| Err(io::ErrorKind::ResourceBusy.into()))
            .map_err(failed)?;
        if let Some(group) = group {
            group.take(&directory.path)?;
            fs::set_permissions(&directory.path, Permissions::from_mode(0o710)).map_err(failed)?;
        }
        Ok(directory)
    }

    /// Makes a directory and locks it; `None` if it was taken for a dead plugin's meanwhile.
    fn create_locked(parent: &Path) -> io::Result<Option<Self>> {
        let made = with_permissions(Mode::RWXU, || {
            tempfile::Builder::new()
                .prefix(PREFIX)
                .rand_bytes(RANDOM)
                .permissions(Permissions::from_mode(0o700))
                .tempdir_in(parent)
        })?;
        let mut directory = Self {
            path: made.keep(),
            lock: None,
        };
        Ok(match lock(&directory.path) {
            Ok(lock) => {
                let is_there = is_same(&lock, &directory.path);
                directory.lock = Some(lock);
                is_there.then_some(directory)
            }
            Err(Errno::WOULDBLOCK | Errno::NOENT) => None,
            Err(error @ (Errno::MFILE | Errno::NFILE)) => return Err(error.into()),
            // Where there are no locks, nobody else can have one either.
            Err(_) => Some(directory),
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The directory that this one is in.
    pub(super) fn parent(&self) -> Option<&Path> {
        self.path.parent()
    }
}

impl Drop for OwnDirectory {
    fn drop(&mut self) {
        // Needs no descriptor, of which there may be none left.
        let _ = fs::remove_dir(&self.path);
    }
}

/// Locks a directory against [`sweep`](super::sweep); not one that somebody has locked.
pub(super) fn lock(path: &Path) -> rustix::io::Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let directory = open(path, flags, Mode::empty())?;
    flock(&directory, FlockOperation::NonBlockingLockExclusive)?;
    Ok(directory)
}

fn is_same(directory: &OwnedFd, path: &Path) -> bool {
    match (fstat(directory), lstat(path)) {
        (Ok(locked), Ok(there)) => (locked.st_dev, locked.st_ino) == (there.st_dev, there.st_ino),
        _ => false,
    }
}

/// Whether a directory's name is one that plugins give to directories of theirs.
pub(crate) fn is_own_directory(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    let random = name.and_then(|name| name.strip_prefix(PREFIX));
    random.is_some_and(|random| {
        random.len() == RANDOM && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// Makes a file that has exactly these permissions from its start, whatever the umask.
///
/// What other threads make meanwhile has no more than these; of ours, none makes files.
pub(super) fn with_permissions<T>(permissions: Mode, make: impl FnOnce() -> T) -> T {
    let before = rustix::process::umask(Mode::from_raw_mode(0o777) - permissions);
    let result = make();
    rustix::process::umask(before);
    result
}
