//! Notices that the host has died without a word, so that no plugin outlives it.
//!
//! Most often the parent process is the host, and its end says so at once. But there may be a
//! wrapper between the two, such as a shell, `timeout` or `strace`, which outlives the host; or the
//! plugin was started by a launcher that ends long before the host. So there is a second sign:
//! nobody reads stdout or stderr any more, and nobody is connected. A host that has closed its
//! ends of the pipes and keeps its connection lives; and files and terminals, which have no other
//! end, say nothing. Where the parent was a launcher, that nobody is connected is enough.

use std::io;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::os::unix::fs::MetadataExt as _;
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{FileType, fstat};
use rustix::io::Errno;
use rustix::process::{Pid, getegid, geteuid, getppid};

use super::ConnectionCount;

/// How often to look at what the system does not tell us.
const PERIOD: Duration = Duration::from_millis(200);

/// How many looks in a row have to find nobody connected: 2 s.
const LOOKS: u32 = 10;

/// The same before the first connection, when the host may not have read the handshake line: 10 s.
const LOOKS_BEFORE_THE_FIRST: u32 = 50;

/// How long a graceful end may take before it is forced.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(4);

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
    /// The host is the one that reads `streams`, the process's real stdout and stderr, and that
    /// opens `connections`. On a thread of its own, so that no handler can hide the host's death
    /// by blocking.
    ///
    /// # Errors
    ///
    /// If that thread cannot be started.
    pub(crate) fn watch(
        self,
        streams: [BorrowedFd<'_>; 2],
        connections: ConnectionCount,
        end: impl FnOnce() + Send + 'static,
    ) -> io::Result<()> {
        let watch = Watch {
            parent: Some(Parent::new(self.0)),
            pipes: pipes(streams)?,
            visitors: Visitors::new(connections),
        };
        thread::Builder::new()
            .name("cvtplugin-host-watch".into())
            .spawn(move || {
                watch.wait_for_death();
                end();
                thread::sleep(SHUTDOWN_TIMEOUT);
                std::process::exit(1);
            })?;
        Ok(())
    }
}

/// Copies of the two streams, if both are pipes, whose other ends are the host's.
fn pipes(streams: [BorrowedFd<'_>; 2]) -> io::Result<Vec<OwnedFd>> {
    let is_pipe = |stream: &BorrowedFd<'_>| {
        fstat(stream).is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode) == FileType::Fifo)
    };
    if streams.iter().all(is_pipe) {
        let copies = streams.iter().map(BorrowedFd::try_clone_to_owned);
        copies.collect()
    } else {
        Ok(Vec::new())
    }
}

/// The parent process.
struct Parent {
    id: Option<Pid>,
    /// What its end can be waited for with, where this system or sandbox has it.
    pidfd: Option<OwnedFd>,
}

impl Parent {
    fn new(id: Option<Pid>) -> Self {
        let pidfd = id.and_then(pidfd);
        Self { id, pidfd }
    }

    fn has_ended(&self) -> bool {
        // An orphan gets another parent, before the descriptor says that the old one has ended.
        getppid() != self.id
    }

    /// How it has ended. Its own parent, which is the host of a plugin with a launcher, does not
    /// wait for it before the plugin closes its streams.
    fn end(&self) -> ParentEnd {
        const EXIT_CODE: usize = 49;
        let Some(id) = self.id else {
            return ParentEnd::Unknown;
        };
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", id.as_raw_nonzero()));
        let stat = stat.unwrap_or_default();
        // The state comes first after the name in parentheses, the exit code last.
        let after_name = stat.rsplit_once(") ").map_or("", |(_, fields)| fields);
        let code = after_name.split_whitespace().nth(EXIT_CODE);
        match code.and_then(|code| code.parse::<i32>().ok()) {
            _ if !after_name.starts_with('Z') => ParentEnd::Killed,
            _ if !shows_exit_code(id) => ParentEnd::Unknown,
            // The lower bits have the signal that killed it.
            Some(code) if code % 128 == 0 => ParentEnd::Exited,
            _ => ParentEnd::Killed,
        }
    }
}

/// How the parent has ended, as far as the system tells us.
#[derive(Clone, Copy)]
enum ParentEnd {
    /// By itself, as launchers do; hosts end after their plugins.
    Exited,
    Killed,
    Unknown,
}

/// Whether the system shows us the exit code of a process. Of another user's it is 0, whatever it
/// is.
fn shows_exit_code(process: Pid) -> bool {
    let (user, group) = (geteuid().as_raw(), getegid().as_raw());
    let directory = std::fs::metadata(format!("/proc/{}", process.as_raw_nonzero()));
    user == 0 || directory.is_ok_and(|it| (it.uid(), it.gid()) == (user, group))
}

#[cfg(target_os = "linux")]
fn pidfd(process: Pid) -> Option<OwnedFd> {
    use rustix::process::{PidfdFlags, pidfd_open};

    pidfd_open(process, PidfdFlags::empty()).ok()
}

#[cfg(not(target_os = "linux"))]
fn pidfd(_: Pid) -> Option<OwnedFd> {
    None
}

struct Watch {
    /// `None` once it has turned out that it was not the host.
    parent: Option<Parent>,
    /// Empty where they say nothing.
    pipes: Vec<OwnedFd>,
    visitors: Visitors,
}

impl Watch {
    fn wait_for_death(mut self) {
        loop {
            // Looked at once: what is closed later than that ends the wait.
            let read: Vec<_> = self.pipes.iter().filter(|pipe| is_read(pipe)).collect();
            let has_visitors = self.visitors.have_come();
            if let Some(parent) = &self.parent
                && parent.has_ended()
            {
                let may_be_launcher = !has_visitors
                    || match parent.end() {
                        ParentEnd::Exited => true,
                        ParentEnd::Killed => false,
                        // The connections of a host end with it.
                        ParentEnd::Unknown => self.visitors.stay(),
                    };
                if read.is_empty() || !may_be_launcher {
                    return;
                }
                // Somebody else reads the streams: that is the host.
                self.parent = None;
            }
            let is_unread = !self.pipes.is_empty() && read.is_empty();
            let is_in_doubt = is_unread || self.parent.is_none();
            if self.visitors.stay_away(is_in_doubt) {
                return;
            }
            wait(self.parent.as_ref(), &read, is_in_doubt);
        }
    }
}

/// Whether somebody has the other end of a pipe open.
fn is_read(pipe: &OwnedFd) -> bool {
    let mut fds = [PollFd::new(pipe, PollFlags::empty())];
    let looked = poll(&mut fds, Some(&Timespec::default()));
    let closed = PollFlags::ERR | PollFlags::HUP;
    !(matches!(looked, Ok(1..)) && fds[0].revents().intersects(closed))
}

/// Waits until one of the pipes is closed or the parent ends; not for long where that would not
/// tell.
fn wait(parent: Option<&Parent>, pipes: &[&OwnedFd], is_in_doubt: bool) {
    let pidfd = parent.map(|parent| parent.pidfd.as_ref());
    let is_untold = is_in_doubt || pidfd.is_some_and(|pidfd| pidfd.is_none());
    let pipes = pipes
        .iter()
        .map(|pipe| PollFd::new(*pipe, PollFlags::empty()));
    let pidfd = pidfd.flatten();
    let mut fds: Vec<_> = pipes
        .chain(pidfd.map(|pidfd| PollFd::new(pidfd, PollFlags::IN)))
        .collect();
    let period = Timespec {
        tv_sec: 0,
        tv_nsec: PERIOD.subsec_nanos().into(),
    };
    match poll(&mut fds, is_untold.then_some(&period)) {
        Ok(_) | Err(Errno::INTR) => {}
        Err(_) => thread::sleep(PERIOD),
    }
}

/// Those who connect.
struct Visitors {
    connections: ConnectionCount,
    /// How many had come at the last look.
    accepted: usize,
    /// How many looks in a row have found nobody, and the host in doubt.
    lonely_looks: u32,
}

impl Visitors {
    fn new(connections: ConnectionCount) -> Self {
        Self {
            connections,
            accepted: 0,
            lonely_looks: 0,
        }
    }

    fn have_come(&self) -> bool {
        self.connections.accepted() > 0
    }

    /// Whether anybody is connected a moment later.
    fn stay(&self) -> bool {
        thread::sleep(PERIOD);
        self.connections.open_now() > 0
    }

    /// Whether enough looks in a row have found nobody connected.
    fn stay_away(&mut self, is_in_doubt: bool) -> bool {
        let accepted = self.connections.accepted();
        let is_lonely = self.connections.open_now() == 0 && accepted == self.accepted;
        self.accepted = accepted;
        self.lonely_looks = if is_in_doubt && is_lonely {
            self.lonely_looks + 1
        } else {
            0
        };
        let enough = match accepted {
            0 => LOOKS_BEFORE_THE_FIRST,
            _ => LOOKS,
        };
        self.lonely_looks > enough
    }
}
