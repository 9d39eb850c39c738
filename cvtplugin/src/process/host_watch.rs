//! Notices that the host has died without a word, so that no plugin outlives it.

use std::io;
use std::os::fd::OwnedFd;
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
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
        let pidfd = self.pidfd();
        thread::Builder::new()
            .name("cvtplugin-host-watch".into())
            .spawn(move || {
                self.wait_for_death(pidfd);
                end();
                thread::sleep(BUDGET);
                std::process::exit(1);
            })?;
        Ok(())
    }

    fn wait_for_death(self, pidfd: Option<OwnedFd>) {
        if let Some(pidfd) = pidfd
            // It may be of another process that got the id of a host that is gone.
            && getppid() == self.0
            && wait_for_end(&pidfd).is_ok()
        {
            return;
        }
        // An orphan gets another parent.
        while getppid() == self.0 {
            thread::sleep(PERIOD);
        }
    }

    /// What the host's end can be waited for with, where this system or sandbox has it.
    #[cfg(target_os = "linux")]
    fn pidfd(self) -> Option<OwnedFd> {
        use rustix::process::{PidfdFlags, pidfd_open};

        pidfd_open(self.0?, PidfdFlags::empty()).ok()
    }

    #[cfg(not(target_os = "linux"))]
    fn pidfd(self) -> Option<OwnedFd> {
        None
    }
}

/// Sleeps until the process ends.
fn wait_for_end(pidfd: &OwnedFd) -> rustix::io::Result<()> {
    loop {
        match poll(&mut [PollFd::new(pidfd, PollFlags::IN)], None) {
            Ok(_) => return Ok(()),
            Err(Errno::INTR) => {}
            Err(error) => return Err(error),
        }
    }
}
