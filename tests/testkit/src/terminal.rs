//! Terminals.

use std::os::fd::OwnedFd;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

/// A terminal that nobody reads, as one that was stopped by Ctrl-S, and its path. It lasts as long as
/// the descriptor.
pub fn stopped() -> (OwnedFd, String) {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    grantpt(&terminal).expect("it is ours");
    unlockpt(&terminal).expect("it is ours");
    let path = ptsname(&terminal, Vec::new()).expect("it has a name");
    (terminal, path.into_string().expect("text"))
}
