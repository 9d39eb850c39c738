//! How a plugin ended.

use std::process::ExitStatus;

/// How a plugin ended.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Exit {
    /// The process's exit status.
    pub status: ExitStatus,
    /// Whether it had to be killed, since it did not end by itself in time.
    pub killed: bool,
    /// What it wrote to its real stdout after the handshake line, up to 64 KiB. A plugin writes
    /// nothing there.
    pub stray_stdout: Vec<u8>,
    /// Whether something, such as a child of the plugin, held its stdout or stderr open after
    /// its end.
    pub streams_held_open: bool,
}

impl Exit {
    /// Whether the plugin ended as it should: by itself, successfully, and with nothing on its
    /// real stdout but the handshake line.
    pub fn is_clean(&self) -> bool {
        self.status.success()
            && !self.killed
            && self.stray_stdout.is_empty()
            && !self.streams_held_open
    }
}
