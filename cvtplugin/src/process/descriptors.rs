//! Connections beyond the soft limit of open descriptors.
//!
//! The limit is low by default, for programs that use `select`, and there is no reason for a
//! plugin to refuse a connection for that. But children inherit the limit, and some of them count
//! all the way up to it. So it is raised only to accept a connection, and only where the limit is
//! what stands in the way; a descriptor stays open when its number is over the limit.

use std::io;
use std::os::fd::BorrowedFd;

use rustix::io::Errno;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Whether this process has as many descriptors as it may.
pub(super) fn ran_out(error: &io::Error) -> bool {
    error.raw_os_error() == Some(Errno::MFILE.raw_os_error())
}

/// Does what opens a descriptor, with the soft limit at the hard one.
pub(super) fn beyond_soft_limit<T>(open: impl FnOnce() -> T) -> T {
    let limit = getrlimit(Resource::Nofile);
    // If that fails, so does opening, and says why.
    let raised = setrlimit(
        Resource::Nofile,
        Rlimit {
            current: limit.maximum,
            ..limit
        },
    );
    let opened = open();
    if raised.is_ok() {
        let _ = setrlimit(Resource::Nofile, limit);
    }
    opened
}

/// How many descriptors a plugin must have left to serve: for the connection of its host, and for
/// what it opens itself.
const SPARE: usize = 4;

/// Returns an error unless some more descriptors can be opened; `open` is one that is.
pub(crate) fn require_spare(open: BorrowedFd<'_>) -> io::Result<()> {
    let spare =
        || -> io::Result<Vec<_>> { (0..SPARE).map(|_| open.try_clone_to_owned()).collect() };
    beyond_soft_limit(spare).map(drop)
}
