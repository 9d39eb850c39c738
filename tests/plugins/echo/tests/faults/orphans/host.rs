//! The host that tests kill: this test binary again, in a process of its own.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use cvtplugin::host::Host;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::{sleep, timeout};

use crate::harness::{ECHO, SHELL, say};

const TEST: &str = "orphans::host::process";
const LAUNCH: &str = "LAUNCH";

/// How long an end may take that nobody connected before: 10 s, and more on a busy machine.
const END_TIMEOUT: Duration = Duration::from_secs(60);

/// How far a host has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Spawning,
    PluginRuns,
    Connected,
    UnderLoad,
}

impl Stage {
    pub(crate) const ALL: [Self; 4] = [
        Self::Spawning,
        Self::PluginRuns,
        Self::Connected,
        Self::UnderLoad,
    ];

    fn line(self) -> String {
        format!("[{self:?}]")
    }
}

/// Not a test: what the tests run as their host.
#[tokio::test]
#[ignore = "the host's process, which other tests start"]
async fn process() {
    if std::env::var_os(LAUNCH).is_none() {
        return;
    }
    println!("{}", Stage::Spawning.line());
    let plugin = Host::new(SHELL)
        .start_timeout(END_TIMEOUT)
        .launch()
        .await
        .expect("it launches");
    println!("{}", Stage::Connected.line());
    loop {
        let calls = (0..32).map(|_| say(&plugin, "sleep:1"));
        let calls: Vec<_> = calls.collect();
        for call in calls {
            call.await.expect("a response");
        }
        println!("{}", Stage::UnderLoad.line());
    }
}

/// A host, and a temporary directory of its plugin's own.
pub(crate) struct KilledHost {
    child: Child,
    stdout: Lines<BufReader<ChildStdout>>,
    directory: TempDir,
}

impl KilledHost {
    /// Starts a host whose plugin is started by this command of a shell.
    pub(crate) fn start(launch: &str) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let mut child = Command::new(std::env::current_exe().expect("a path"))
            .args([TEST, "--exact", "--ignored", "--nocapture"])
            .env(LAUNCH, launch)
            .env("TMPDIR", directory.path())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("it starts");
        let stdout = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        Self {
            child,
            stdout,
            directory,
        }
    }

    /// Waits until the host has come so far.
    pub(crate) async fn reach(&mut self, stage: Stage) {
        if stage == Stage::PluginRuns {
            return self.until("the plugin to run", true).await;
        }
        while let Some(line) = self.stdout.next_line().await.expect("it can be read") {
            // The test harness writes on the same lines.
            if line.ends_with(&stage.line()) {
                return;
            }
        }
        panic!("the host ended before {stage:?}");
    }

    /// Kills the host, and waits until there is no plugin of its any more, and nothing of theirs.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.expect("it can be killed");
        self.until("the end of the plugin", false).await;
        let left = std::fs::read_dir(self.directory.path()).expect("it can be listed");
        let left: Vec<_> = left.collect();
        assert!(left.is_empty(), "left behind: {left:?}");
    }

    async fn until(&self, what: &str, wanted: bool) {
        let looks = async {
            while runs_in(self.directory.path()) != wanted {
                sleep(Duration::from_millis(10)).await;
            }
        };
        let looked = timeout(END_TIMEOUT, looks).await;
        looked.unwrap_or_else(|_| panic!("still waiting for {what}"));
    }
}

/// Whether any process below the host runs with this temporary directory: the plugin, or what is
/// about to become one.
fn runs_in(directory: &Path) -> bool {
    let variable = format!("TMPDIR={}", directory.display()).into_bytes();
    let host = std::env::current_exe().expect("a path");
    let processes = std::fs::read_dir("/proc").expect("it can be listed");
    processes.flatten().any(|process| {
        let of = |name: &str| process.path().join(name);
        let environment = std::fs::read(of("environ")).unwrap_or_default();
        let has_it = environment
            .split(|byte| *byte == 0)
            .any(|it| it == variable);
        has_it && std::fs::read_link(of("exe")).is_ok_and(|exe| exe != host)
    })
}

/// Whether a program is installed.
pub(crate) fn is_installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|directory| directory.join(program).is_file())
}

/// What starts echo, each with something between it and the host.
pub(crate) fn wrappers() -> [(&'static str, String); 6] {
    [
        ("sh", format!("'{ECHO}'; :")),
        ("timeout", format!("exec timeout 3600 '{ECHO}'")),
        ("flock", format!("exec flock \"$TMPDIR\" '{ECHO}'")),
        ("strace", format!("exec strace -f -o /dev/null '{ECHO}'")),
        // A launcher, which ends at once.
        ("sh", format!("'{ECHO}' &")),
        // Another one, which ends when the host has connected.
        ("sh", format!("'{ECHO}' & sleep 0.3")),
    ]
}
