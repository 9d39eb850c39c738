//! The signals that concern a plugin.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Listens for the signals that end a plugin.
///
/// Ctrl-C in a terminal sends SIGINT to the host and its plugins alike, and the host decides
/// what becomes of them: SIGINT is caught and means nothing. It is not set to be ignored, since
/// children would inherit that.
pub(crate) struct Signals {
    terminate: Signal,
    hangup: Signal,
    _interrupt: Signal,
}

impl Signals {
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            _interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits for the next signal that ends a plugin, and says which it was.
    pub(crate) async fn end(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.hangup.recv() => "SIGHUP",
        }
    }
}
