//! What several faults need.

use std::future::Future;
use std::path::Path;
use std::time::Duration;

pub(crate) use rustix::process::Signal;
use rustix::process::{Pid, Resource, Rlimit, getrlimit, kill_process, setrlimit};
use tokio::time::timeout;

use crate::harness::{Echo, TIMEOUT};
use crate::raw::Connection;

/// Launches what the variable `LAUNCH` says, for a plugin in circumstances that a host does not
/// provide.
pub(crate) const SHELL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/faults/launch.sh");

/// Waits for what must happen, and fails when it does not.
pub(crate) async fn soon<T>(what: &str, event: impl Future<Output = T>) -> T {
    let happened = timeout(TIMEOUT, event).await;
    happened.unwrap_or_else(|_| panic!("still waiting for {what}"))
}

/// Waits for a state of the world that nobody tells of.
pub(crate) async fn until(what: &str, is_so: impl Fn() -> bool) {
    let look = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    soon(what, look).await;
}

pub(crate) fn signal(process_id: u32, signal: Signal) {
    let pid = process_id.try_into().ok().and_then(Pid::from_raw);
    kill_process(pid.expect("it runs"), signal).expect("it can be signalled");
}

pub(crate) async fn stop(process_id: u32) {
    signal(process_id, Signal::STOP);
    let stopped = || status(process_id, "State").starts_with('T');
    until("the process to stop", stopped).await;
}

/// A line of `/proc/PID/status`, such as `VmRSS` or `State`.
pub(crate) fn status(process_id: u32, key: &str) -> String {
    let path = format!("/proc/{process_id}/status");
    let status = std::fs::read_to_string(path).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix(key));
    let value = line.and_then(|line| line.strip_prefix(':'));
    value.expect("the system knows").trim().to_owned()
}

/// The plugin's process below a shell that launched it.
pub(crate) fn only_child(process_id: u32) -> u32 {
    let path = format!("/proc/{process_id}/task/{process_id}/children");
    let children = std::fs::read_to_string(path).expect("it runs");
    children.trim().parse().expect("one child, and no more")
}

/// Whether a process has ended, even if nobody has waited for it.
pub(crate) fn is_gone(process_id: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{process_id}/stat"));
    // The state comes after the name in parentheses.
    stat.map_or(true, |stat| stat.contains(") Z "))
}

/// How much memory a process uses at most, or now, in MiB: `VmHWM` and `VmRSS`.
pub(crate) fn mebibytes(process_id: u32, key: &str) -> u64 {
    let text = status(process_id, key);
    let kibibytes = text.strip_suffix(" kB").and_then(|text| text.parse().ok());
    kibibytes.map_or(0, |kibibytes: u64| kibibytes / 1024)
}

/// How many descriptors a process has open.
pub(crate) fn descriptors(process_id: u32) -> usize {
    let path = format!("/proc/{process_id}/fd");
    std::fs::read_dir(path).expect("it runs").count()
}

/// Lets this process, with all its tests, hold as many connections as it may.
pub(crate) fn raise_own_limit() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        ..limit
    };
    setrlimit(Resource::Nofile, raised).expect("up to the maximum it is allowed");
}

/// Checks that a plugin left nothing in what was its temporary directory. Of a plugin that its host
/// has waited for this says nothing of the socket, which the host tidies up: its `Exit` does.
pub(crate) fn assert_empty(directory: &Path) {
    let left: Vec<_> = std::fs::read_dir(directory)
        .expect("the directory is there")
        .map(|entry| entry.expect("it can be listed").path())
        .collect();
    assert!(left.is_empty(), "left behind: {left:?}");
}

/// Opens another connection than the host's.
pub(crate) async fn connect(echo: &Echo) -> Connection {
    let connection = Connection::open(echo.plugin.socket().expect("a Unix socket")).await;
    connection.expect("a connection")
}

/// Checks that the host is served as if nothing were wrong.
pub(crate) async fn host_is_served(echo: &Echo) {
    let served = async {
        echo.plugin.client().ping().await.expect("a pong");
        assert_eq!(
            echo.say("alive").await.expect("a response"),
            "echoed: alive"
        );
    };
    soon("the host to be served", served).await;
}
