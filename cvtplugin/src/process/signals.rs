//! The signals that concern a plugin.

use std::io;
use std::os::raw::c_int;

use nix::sys::signal::{SigSet, Signal as Number};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Lets every signal through to this thread and those that it starts, whatever whoever launched
/// this process has blocked: a plugin that does not hear SIGTERM would have to be killed.
pub(crate) fn unblock_signals() {
    // The only error is that of an invalid argument.
    let _ = SigSet::empty().thread_set_mask();
}

/// What ends a process that does not handle it, unless that is one of Go's: somebody may signal
/// all processes of a group, and mean but one.
const SURVIVED: &[Number] = &[
    Number::SIGUSR1,
    Number::SIGUSR2,
    Number::SIGALRM,
    Number::SIGVTALRM,
    Number::SIGPROF,
    Number::SIGXCPU,
    // Writing fails then, for instance to a log file that may not grow.
    Number::SIGXFSZ,
    #[cfg(target_os = "linux")]
    Number::SIGIO,
    #[cfg(target_os = "linux")]
    Number::SIGPWR,
];

/// The real-time signals that are survived. Those below are the C library's, but for one, which
/// ends a process of Go's, too.
#[cfg(target_os = "linux")]
const SURVIVED_REAL_TIME: std::ops::RangeInclusive<c_int> = 35..=64;

/// Listens for the signals that end a plugin, and takes those that a host's terminal or children
/// send.
///
/// Ctrl-C in a terminal sends SIGINT to the host and its plugins alike, and the host decides
/// what becomes of them: SIGINT is caught and means nothing. Neither it nor the others are set to
/// be ignored, since children would inherit that; and a handler of the author's own goes on.
///
/// SIGHUP that was ignored already stays so: whoever launched the host with `nohup` wants host
/// and plugins to go on. So do the others. SIGCHLD alone does not: where it is ignored, nobody can
/// wait for a child.
pub(crate) struct Signals {
    terminate: Signal,
    hangup: Option<Signal>,
}

impl Signals {
    /// To be called within a runtime, before there is anything that a signal could interrupt.
    ///
    /// # Errors
    ///
    /// If the system does not let us.
    pub(crate) fn listen(ignored: IgnoredSignals) -> io::Result<Self> {
        drop(signal(SignalKind::child())?);
        drop(ignored.listen(SignalKind::interrupt())?);
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            hangup: ignored.listen(SignalKind::hangup())?,
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

/// Takes the signals that end a process and mean nothing to a plugin. Within a runtime.
pub(crate) fn survive_signals(ignored: IgnoredSignals) {
    let survived = SURVIVED.iter().map(|signal| *signal as c_int);
    #[cfg(target_os = "linux")]
    let survived = survived.chain(SURVIVED_REAL_TIME);
    for number in survived {
        // Handled from now on, even if nobody listens. Where that is not to be had, as for the
        // one that valgrind keeps for itself, the plugin works as well.
        drop(ignored.listen(SignalKind::from_raw(number)));
    }
}

/// The signals that this process was launched to ignore; none where the system does not say.
#[derive(Clone, Copy)]
pub(crate) struct IgnoredSignals(u64);

impl IgnoredSignals {
    /// To be called before any signal is listened to.
    pub(crate) fn read() -> Self {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
        Self(mask.unwrap_or_default())
    }

    /// Listens to a signal, unless it is ignored.
    fn listen(self, kind: SignalKind) -> io::Result<Option<Signal>> {
        let is_ignored = self.0 & (1 << (kind.as_raw_value() - 1)) != 0;
        (!is_ignored).then(|| signal(kind)).transpose()
    }
}
