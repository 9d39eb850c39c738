//! The death of the host.

use std::io;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use cvtplugin::BoxError;
use cvtplugin::host::Host;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

use crate::check::calls::RESPONSE_TIMEOUT;
use crate::check::context::CheckContext;
use crate::check::outcome::{Finding, Outcome};
use crate::terminal;

/// How long a plugin may outlive its host.
const LIMIT: Duration = Duration::from_secs(5);

/// The plugin ends when its host is killed.
pub(in crate::check) async fn check(context: &CheckContext) -> Outcome {
    context.has_to_launch()?;
    let unseen = |error| Finding::skip(format!("no host to be killed: {error}"));
    let (mut host, plugin) = start_host(&context.target().binary).await.map_err(unseen)?;
    host.kill().await.map_err(unseen)?;
    if timeout(LIMIT, end_of(plugin.process)).await.is_ok() {
        return Ok(format!(
            "it ends within {} s of its host's death",
            LIMIT.as_secs()
        ));
    }
    Err(Finding::warn(
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
    /// Parses the line of [`be_host`].
    fn of(line: &str) -> Option<Self> {
        let (process, address) = line.split_once(' ')?;
        // Others are groups of processes.
        let process = process.parse().ok().filter(|id| *id > 0)?;
        Some(Self {
            process: Pid::from_raw(process),
            address: address.to_owned(),
        })
    }
}

/// Ends what would live for ever, even if the check is interrupted.
impl Drop for Orphan {
    fn drop(&mut self) {
        if runs(self.process) {
            // If it has gone meanwhile, so much the better.
            let _ = kill(self.process, Signal::SIGKILL);
            let _ = std::fs::remove_file(&self.address);
        }
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
        .spawn()?;
    let stdout = host.stdout.take().map(BufReader::new);
    let mut line = String::new();
    if let Some(mut stdout) = stdout {
        timeout(RESPONSE_TIMEOUT, stdout.read_line(&mut line)).await??;
    }
    let plugin = Orphan::of(line.trim());
    let plugin = plugin.ok_or_else(|| io::Error::other("it did not launch the plugin"))?;
    Ok((host, plugin))
}

/// Launches a plugin, prints its process id and address to stdout, and waits to be
/// killed.
pub(in crate::check) async fn be_host(binary: &Path) -> Result<(), BoxError> {
    let launch = async {
        let plugin = Host::new(binary).launch().await?;
        let line = format!("{} {}\n", plugin.process_id(), plugin.address());
        terminal::print(line.as_bytes())?;
        std::future::pending().await
    };
    tokio::select! {
        failed = launch => failed,
        () = end_of_stdin() => Ok(()),
    }
}

/// Waits for the end of the check, however that ends.
async fn end_of_stdin() {
    let (end, ended) = oneshot::channel();
    std::thread::spawn(move || {
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        end.send(())
    });
    // A dropped sender is an end, too.
    let _ = ended.await;
}

/// Waits for the end of a process that is not our child, by polling.
async fn end_of(process: Pid) {
    while runs(process) {
        sleep(Duration::from_millis(20)).await;
    }
}

fn runs(process: Pid) -> bool {
    kill(process, None).is_ok() && !is_zombie(process)
}

/// Whether the process has ended, and nobody has taken note yet.
#[cfg(target_os = "linux")]
fn is_zombie(process: Pid) -> bool {
    let process = procfs::process::Process::new(process.as_raw());
    let stat = process.and_then(|process| process.stat());
    stat.is_ok_and(|stat| stat.state == 'Z')
}

/// Elsewhere it cannot be told; there, whoever adopts orphans takes note at once.
#[cfg(not(target_os = "linux"))]
fn is_zombie(_: Pid) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt as _;

    use super::*;

    #[test]
    fn orphan_ends_with_the_check() {
        let mut child = std::process::Command::new("sleep")
            .arg("600")
            .spawn()
            .expect("sleep runs");
        drop(Orphan::of(&format!("{} /nowhere", child.id())));
        let status = child.wait().expect("it ends");
        assert_eq!(status.signal(), Some(Signal::SIGKILL as i32));
    }
}
