//! What the plugin's process uses, as Linux says.

use std::fs;
use std::io;

/// What a process uses at one moment.
#[derive(Clone, Copy)]
pub(crate) struct Usage {
    /// Resident memory, in KiB.
    pub(crate) memory: u64,
    pub(crate) descriptors: u64,
    pub(crate) threads: u64,
}

impl Usage {
    pub(crate) fn of(process_id: u32) -> io::Result<Self> {
        let status = fs::read_to_string(format!("/proc/{process_id}/status"))?;
        let number = |key: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(key))?;
            line.split_whitespace().next()?.parse().ok()
        };
        let number = |key| number(key).ok_or_else(|| io::Error::other(format!("no {key}")));
        Ok(Self {
            memory: number("VmRSS:")?,
            threads: number("Threads:")?,
            descriptors: fs::read_dir(format!("/proc/{process_id}/fd"))?.count() as u64,
        })
    }
}
