//! Processes, as Linux says.

use std::path::Path;

pub use rustix::process::Signal;
use rustix::process::{Pid, Resource, Rlimit, getrlimit, kill_process, setrlimit};

use crate::wait::until;

/// Sends a signal to a process.
pub fn signal(process_id: u32, signal: Signal) {
    let pid = process_id.try_into().ok().and_then(Pid::from_raw);
    kill_process(pid.expect("it runs"), signal).expect("it can be signalled");
}

/// Stops a process, and waits until it stands still.
pub async fn stop(process_id: u32) {
    signal(process_id, Signal::STOP);
    let stopped = || status(process_id, "State").starts_with('T');
    until("the process to stop", stopped).await;
}

/// A line of `/proc/PID/status`, such as `VmRSS` or `State`.
pub fn status(process_id: u32, key: &str) -> String {
    let path = format!("/proc/{process_id}/status");
    let status = std::fs::read_to_string(path).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix(key));
    let value = line.and_then(|line| line.strip_prefix(':'));
    value.expect("the system knows").trim().to_owned()
}

/// The plugin's process below a shell that launched it.
pub fn only_child(process_id: u32) -> u32 {
    let path = format!("/proc/{process_id}/task/{process_id}/children");
    let children = std::fs::read_to_string(path).expect("it runs");
    children.trim().parse().expect("one child, and no more")
}

/// Whether a process has ended, even if nobody has waited for it.
pub fn is_gone(process_id: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{process_id}/stat"));
    // The state comes after the name in parentheses.
    stat.map_or(true, |stat| stat.contains(") Z "))
}

/// How much memory a process uses at most, or now, in MiB: `VmHWM` and `VmRSS`.
pub fn mebibytes(process_id: u32, key: &str) -> u64 {
    let text = status(process_id, key);
    let kibibytes = text.strip_suffix(" kB").and_then(|text| text.parse().ok());
    kibibytes.map_or(0, |kibibytes: u64| kibibytes / 1024)
}

/// How many descriptors a process has open.
pub fn descriptors(process_id: u32) -> usize {
    let path = format!("/proc/{process_id}/fd");
    std::fs::read_dir(path).expect("it runs").count()
}

/// Lets this process, with all its tests, hold as many connections as it may.
pub fn raise_own_limit() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        ..limit
    };
    setrlimit(Resource::Nofile, raised).expect("up to the maximum it is allowed");
}

/// Checks that a plugin left nothing in what was its temporary directory. Of a plugin that its host
/// has waited for this says nothing of the socket, which the host tidies up: its `Exit` does.
pub fn assert_empty(directory: &Path) {
    let left: Vec<_> = std::fs::read_dir(directory)
        .expect("the directory is there")
        .map(|entry| entry.expect("it can be listed").path())
        .collect();
    assert!(left.is_empty(), "left behind: {left:?}");
}
