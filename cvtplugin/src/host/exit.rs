//! How a plugin exited.

use std::process::ExitStatus;

/// How a plugin exited.
#[derive(Clone, Debug)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Exit {
    /// The process's exit status.
    pub status: ExitStatus,
    /// Whether it was killed, since it did not exit in time.
    pub killed: bool,
    /// What it wrote to its real stdout after the handshake line, up to 64 KiB. A plugin must write
    /// nothing there.
    pub stray_stdout: Vec<u8>,
    /// Whether its stdout or stderr was still open after its exit, held for example by a child
    /// process.
    pub streams_held_open: bool,
    /// Whether it was asked to shut down, and neither responded nor closed the connection within
    /// 10 s. A host in Go would wait without a limit.
    pub shutdown_timed_out: bool,
    /// Whether it left its Unix socket behind, or the directory made for it. The host has removed
    /// them since.
    pub socket_left: bool,
}

impl Exit {
    /// Whether the plugin exited as it should: when asked, by itself, successfully, with nothing left
    /// behind, and nothing on its real stdout but the handshake line.
    pub fn is_clean(&self) -> bool {
        self.status.success()
            && !self.killed
            && self.stray_stdout.is_empty()
            && !self.streams_held_open
            && !self.shutdown_timed_out
            && !self.socket_left
    }
}
