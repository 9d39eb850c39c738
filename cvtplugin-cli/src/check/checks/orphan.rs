//! The death of the host.

use std::io;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use cvtplugin::BoxError;
use cvtplugin::host::Host;
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use crate::check::calls::PATIENCE;
use crate::check::lab::Lab;
use crate::check::outcome::{Complaint, Outcome};

/// How long a plugin may outlive its host.
const LIMIT: Duration = Duration::from_secs(5);

/// The plugin ends when its host is killed.
pub(in crate::check) async fn check(lab: &Lab) -> Outcome {
    lab.has_to_launch()?;
    let unseen = |error| Complaint::skipped(format!("no host to be killed: {error}"));
    let (mut host, plugin) = start_host(&lab.subject().binary).await.map_err(unseen)?;
    host.kill().await.map_err(unseen)?;
    if timeout(LIMIT, end_of(plugin.process)).await.is_ok() {
        return Ok(format!(
            "it ends within {} s of its host's death",
            LIMIT.as_secs()
        ));
    }
    plugin.tidy_up();
    Err(Complaint::lacks(
        format!(
            "it outlives its killed host, an orphan after {} s",
            LIMIT.as_secs()
        ),
        "watch the parent process, and end when it is gone",
    ))
}

/// A plugin whose host can be killed.
struct Orphan {
    process: Pid,
    address: String,
}

impl Orphan {
    /// Reads what [`be_host`] says.
    fn of(line: &str) -> Option<Self> {
        let (process, address) = line.split_once(' ')?;
        Some(Self {
            process: process.parse().ok().and_then(Pid::from_raw)?,
            address: address.to_owned(),
        })
    }

    /// Ends what would live for ever. If it has gone at last, so much the better.
    fn tidy_up(&self) {
        let _ = kill_process(self.process, Signal::KILL);
        let _ = std::fs::remove_file(&self.address);
    }
}

/// Starts a host that can be killed: this program again, as [`be_host`].
async fn start_host(binary: &Path) -> io::Result<(Child, Orphan)> {
    let mut host = Command::new(std::env::current_exe()?)
        .args(["check", "--be-host"])
        .arg(binary)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let stdout = host.stdout.take().map(BufReader::new);
    let mut line = String::new();
    if let Some(mut stdout) = stdout {
        timeout(PATIENCE, stdout.read_line(&mut line)).await??;
    }
    let plugin = Orphan::of(line.trim());
    let plugin = plugin.ok_or_else(|| io::Error::other("it did not launch the plugin"))?;
    Ok((host, plugin))
}

/// Launches a plugin, says on stdout which process it is and where it listens, and waits to be
/// killed.
pub(in crate::check) async fn be_host(binary: &Path) -> Result<(), BoxError> {
    let plugin = Host::new(binary).launch().await?;
    println!("{} {}", plugin.process_id(), plugin.address());
    // It ends with the check, however that ends.
    let end = tokio::task::spawn_blocking(|| io::copy(&mut io::stdin(), &mut io::sink()));
    end.await??;
    Ok(())
}

/// Waits for the end of a process that is no child of ours; nobody tells of it.
async fn end_of(process: Pid) {
    while runs(process) {
        sleep(Duration::from_millis(20)).await;
    }
}

fn runs(process: Pid) -> bool {
    test_kill_process(process).is_ok() && !is_zombie(process)
}

/// Whether the process has ended, and nobody has taken note yet.
fn is_zombie(process: Pid) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", process.as_raw_nonzero()));
    // The state comes after the name, which is in brackets and may hold anything.
    let state = stat
        .ok()
        .and_then(|stat| stat.rsplit(") ").next().map(|rest| rest.starts_with('Z')));
    state.unwrap_or(false)
}
