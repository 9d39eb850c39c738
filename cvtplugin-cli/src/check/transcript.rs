//! The captured output of all runs of the plugin.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cvtplugin::host::{Exit, Host};

/// Collects the plugin's output. Clones share it.
#[derive(Clone, Default)]
pub(super) struct Captured(Arc<Mutex<Transcript>>);

/// Captured output, by stream.
#[derive(Default)]
pub(super) struct Transcript {
    /// The lines of stderr, where the log is.
    pub(super) stderr: Vec<Vec<u8>>,
    /// What came over `StreamStdio`.
    pub(super) printed: Vec<u8>,
    /// What came on the real stdout after the handshake line.
    pub(super) stdout: Vec<u8>,
    /// The messages of errors.
    pub(super) errors: Vec<String>,
}

impl Captured {
    /// Captures the output of the plugins that `host` launches.
    pub(super) fn by(&self, host: Host) -> Host {
        let (lines, prints) = (self.clone(), self.clone());
        host.on_log(drop)
            .on_stderr_line(move |line| lines.transcript().stderr.push(line.to_vec()))
            .on_output(move |_, data| prints.transcript().printed.extend_from_slice(data))
    }

    pub(super) fn error(&self, message: impl Into<String>) {
        self.transcript().errors.push(message.into());
    }

    pub(super) fn at_the_end(&self, exit: &Exit) {
        self.transcript()
            .stdout
            .extend_from_slice(&exit.stray_stdout);
    }

    pub(super) fn transcript(&self) -> MutexGuard<'_, Transcript> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
