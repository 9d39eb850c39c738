//! The limit of open descriptors.

use rustix::process::{Resource, getrlimit, setrlimit};

/// Raises the soft limit of open descriptors to the hard one. The soft one is kept low for
/// programs that use `select`; a plugin rather serves one more connection.
pub(crate) fn raise_limit() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // Without it the plugin works as well, up to the limit.
    let _ = setrlimit(Resource::Nofile, limit);
}
