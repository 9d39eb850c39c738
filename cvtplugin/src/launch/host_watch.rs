//! Notices that the host has died without a word, so that no plugin outlives it.

use std::io;
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, getppid};

/// How often to look, where the system cannot tell us.
const PERIOD: Duration = Duration::from_millis(200);

/// How long a graceful end may take before it is forced.
const BUDGET: Duration = Duration::from_secs(4);

/// The process that launched this one.
///
/// `None` where it is outside our process namespace. Its id may well be 1: CVT as a container's
/// entry point.
#[derive(Clone, Copy)]
pub(crate) struct HostProcess(Option<Pid>);

impl HostProcess {
    /// To be called first thing: later the host may be gone already.
    pub(crate) fn current() -> Self {
        Self(getppid())
    }

    /// Calls `end` once the host has died, and ends this process itself if that takes too long.
    ///
    /// On a thread of its own, so that no handler can hide the host's death by blocking.
    pub(crate) fn watch(self, end: impl FnOnce() + Send + 'static) -> io::Result<()> {
        thread::Builder::new()
            .name("cvtplugin-host-watch".into())
            .spawn(move || {
                self.wait_for_death();
                end();
                thread::sleep(BUDGET);
                std::process::exit(1);
            })?;
        Ok(())
    }

    fn wait_for_death(self) {
        #[cfg(target_os = "linux")]
        if let Some(pid) = self.0
            && wait_on_pidfd(pid).is_ok()
        {
            return;
        }
        // An orphan gets another parent.
        while getppid() == self.0 {
            thread::sleep(PERIOD);
        }
    }
}

/// Sleeps until the process ends. An error says that this system or sandbox has no such thing.
#[cfg(target_os = "linux")]
fn wait_on_pidfd(host: Pid) -> rustix::io::Result<()> {
    use rustix::event::{PollFd, PollFlags, poll};
    use rustix::process::{PidfdFlags, pidfd_open};

    let pidfd = pidfd_open(host, PidfdFlags::empty())?;
    // The id may be another process's by now; then we are an orphan already.
    if getppid() != Some(host) {
        return Ok(());
    }
    loop {
        match poll(&mut [PollFd::new(&pidfd, PollFlags::IN)], None) {
            Ok(_) => return Ok(()),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error),
        }
    }
}
