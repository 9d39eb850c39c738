//! The resources a process uses: all of them on Linux, some elsewhere.

use std::time::Duration;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::{TimeVal, TimeValLike as _};

/// The memory and threads of a process.
pub(super) struct Usage {
    pub(super) rss_mb: f64,
    pub(super) peak_rss_mb: f64,
    pub(super) threads: f64,
}

/// The CPU time of all children of this process that have ended and were waited for: the
/// difference made by the latest one is all that it used.
pub(super) fn cpu_time_of_ended() -> Result<Duration, String> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).map_err(|error| error.to_string())?;
    Ok(duration(usage.user_time()) + duration(usage.system_time()))
}

fn duration(time: TimeVal) -> Duration {
    // The fields of it are not as wide everywhere.
    let microseconds = time.num_microseconds();
    Duration::from_micros(u64::try_from(microseconds).unwrap_or_default())
}

/// What is here in bytes, there in megabytes.
#[expect(
    clippy::cast_precision_loss,
    reason = "nothing here has petabytes, and no figure 16 digits"
)]
pub(super) fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

#[cfg(target_os = "linux")]
mod linux {
    use nix::time::{clock_getcpuclockid, clock_gettime};
    use nix::unistd::Pid;
    use procfs::process::Process;

    use super::{Duration, Usage, megabytes};

    /// The CPU time that a process has used so far, threads that have ended included.
    pub(crate) fn cpu_time(process_id: u32) -> Result<Duration, String> {
        let process_id = i32::try_from(process_id).map_err(|error| error.to_string())?;
        // To the nanosecond, where /proc/PID/stat counts in steps of 10 ms.
        let clock = clock_getcpuclockid(Pid::from_raw(process_id));
        let time = clock.and_then(clock_gettime);
        time.map(Duration::from).map_err(|error| error.to_string())
    }

    pub(crate) fn usage(process_id: u32) -> Result<Usage, String> {
        let process_id = i32::try_from(process_id).map_err(|error| error.to_string())?;
        let status = Process::new(process_id).and_then(|process| process.status());
        let status = status.map_err(|error| error.to_string())?;
        let megabytes = |kib: Option<u64>| {
            let kib = kib.ok_or("missing in /proc")?;
            Ok::<_, String>(megabytes(kib * 1024))
        };
        let threads = u32::try_from(status.threads).map_err(|error| error.to_string())?;
        Ok(Usage {
            rss_mb: megabytes(status.vmrss)?,
            peak_rss_mb: megabytes(status.vmhwm)?,
            threads: threads.into(),
        })
    }
}

#[cfg(not(target_os = "linux"))]
mod elsewhere {
    use super::{Duration, Usage};

    const WHY: &str = "only Linux is asked for it";

    pub(crate) fn cpu_time(_: u32) -> Result<Duration, String> {
        Err(WHY.to_owned())
    }

    pub(crate) fn usage(_: u32) -> Result<Usage, String> {
        Err(WHY.to_owned())
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) use elsewhere::{cpu_time, usage};
#[cfg(target_os = "linux")]
pub(super) use linux::{cpu_time, usage};

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::hint::black_box;

    use super::*;

    #[test]
    fn busy_process_uses_cpu_time() {
        let id = std::process::id();
        let before = cpu_time(id).expect("our own");
        black_box((0..100_000_u64).map(black_box).sum::<u64>());
        assert!(cpu_time(id).expect("our own") > before);
    }

    #[test]
    fn process_has_memory_and_threads() {
        let usage = usage(std::process::id()).expect("our own");
        assert!(usage.rss_mb > 0.5, "{}", usage.rss_mb);
        assert!(usage.peak_rss_mb >= usage.rss_mb);
        assert!(usage.threads >= 1.0);
    }

    #[test]
    fn missing_process_is_an_error() {
        // One more than Linux ever gives.
        let id = 4_194_305;
        assert!(cpu_time(id).is_err());
        assert!(usage(id).is_err());
    }
}
