//! The limit of open descriptors.

use std::fs::File;
use std::io;

use rustix::process::{Resource, getrlimit, setrlimit};

/// Raises the soft limit of open descriptors to the hard one. The soft one is kept low for
/// programs that use `select`; a plugin rather serves one more connection.
pub(crate) fn raise_limit() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // Without it the plugin works as well, up to the limit.
    let _ = setrlimit(Resource::Nofile, limit);
}

/// How many descriptors a plugin must have left to serve: for the connection of its host, and for
/// what it opens itself.
const SPARE: usize = 4;

/// Returns an error unless some more descriptors can be opened; `open` is one that is.
pub(crate) fn require_spare(open: &File) -> io::Result<()> {
    let spare: Vec<_> = (0..SPARE)
        .map(|_| open.try_clone())
        .collect::<io::Result<_>>()?;
    drop(spare);
    Ok(())
}
