//! The signals that concern a plugin.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Listens for the signals that end a plugin.
///
/// Ctrl-C in a terminal sends SIGINT to the host and its plugins alike, and the host decides
/// what becomes of them: SIGINT is caught and means nothing. It is not set to be ignored, since
/// children would inherit that.
///
/// SIGHUP that was ignored already stays so: whoever launched the host with `nohup` wants host
/// and plugins to go on.
pub(crate) struct Signals {
    terminate: Signal,
    hangup: Option<Signal>,
    _interrupt: Signal,
}

impl Signals {
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            hangup: (!ignores(SignalKind::hangup()))
                .then(|| signal(SignalKind::hangup()))
                .transpose()?,
            _interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits for the next signal that ends a plugin, and says which it was.
    pub(crate) async fn end(&mut self) -> &'static str {
        let hangup = async {
            match &mut self.hangup {
                Some(hangup) => hangup.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = hangup => "SIGHUP",
        }
    }
}

/// Whether this process was launched with a signal ignored; `false` where the system does not
/// say.
fn ignores(signal: SignalKind) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    let bit = 1 << (signal.as_raw_value() - 1);
    mask.is_some_and(|mask| mask & bit != 0)
}
