//! How a plugin ended.

use std::process::ExitStatus;

/// How a plugin ended.
#[derive(Clone, Debug)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
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
    /// Whether it was asked to end, and within 10 s neither answered nor closed the connection.
    /// A host in Go would wait for as long as it takes.
    pub shutdown_unanswered: bool,
    /// Whether it left its unix socket behind, or the folder that it had made for it. The host
    /// has tidied them up since.
    pub socket_left: bool,
}

impl Exit {
    /// Whether the plugin ended as it should: when asked, by itself, successfully, leaving nothing
    /// behind, and with nothing on its real stdout but the handshake line.
    pub fn is_clean(&self) -> bool {
        self.status.success()
            && !self.killed
            && self.stray_stdout.is_empty()
            && !self.streams_held_open
            && !self.shutdown_unanswered
            && !self.socket_left
    }
}
