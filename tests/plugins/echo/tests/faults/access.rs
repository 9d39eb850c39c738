//! Who may connect, and whose death is the host's, where host and plugin are of different users.

use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use cvtplugin::host::Host;
use cvtplugin_testkit::http2::Connection;
use cvtplugin_testkit::process::{Signal, assert_empty, is_gone, only_child, signal};
use cvtplugin_testkit::wait::until;

use crate::harness::{ECHO, Echo, SHELL};
use crate::orphans::Plugin;

/// Runs a program as nobody, as `su-exec` or `gosu` do, too.
const NOBODY: &str = "setpriv --reuid=65534 --regid=65534 --clear-groups";

/// A copy of echo that anybody can run, and a temporary directory that anybody can use, both in
/// `directory`.
fn for_anybody(directory: &Path) -> (PathBuf, PathBuf) {
    let open = |path: &Path, mode| {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(path, permissions).expect("it is ours");
    };
    open(directory, 0o777);
    let plugin = directory.join("cvt-plugin-echo");
    // Not by this process: while it has the copy open to write, another test's child may inherit
    // that, and then the copy cannot be run.
    let copied = Command::new("cp").arg(ECHO).arg(&plugin).status();
    assert!(copied.expect("cp runs").success());
    let temp_dir = directory.join("tmp");
    std::fs::create_dir(&temp_dir).expect("a directory");
    open(&temp_dir, 0o1777);
    (plugin, temp_dir)
}

#[tokio::test]
#[ignore = "needs root: .ci/faults"]
async fn root_host_of_another_users_plugin_is_served() {
    let directory = tempfile::tempdir().expect("a directory");
    let (plugin, temp_dir) = for_anybody(directory.path());
    let configure = |host: Host| {
        host.env("LAUNCH", format!("exec {NOBODY} '{}'", plugin.display()))
            .env("TMPDIR", &temp_dir)
    };
    let echo = Echo::launch_binary(SHELL, configure).await;
    assert_eq!(
        echo.say("alive").await.expect("a response"),
        "echoed: alive"
    );
    echo.end().await;
    assert_empty(&temp_dir);
}

/// The system does not tell how another user's process has ended. The host's connection does, and
/// there is no need to look for it ten times, as where the parent was a launcher.
#[tokio::test]
#[ignore = "needs root: .ci/faults"]
async fn host_of_another_user_that_is_killed_is_no_launcher() {
    let directory = tempfile::tempdir().expect("a directory");
    let (plugin, temp_dir) = for_anybody(directory.path());
    let mut host = Command::new("sh")
        .args(["-c", &format!("{NOBODY} '{}' & wait", plugin.display())])
        .env("CVT_PLUGIN_MAGIC_COOKIE", "cvt-plugin-v1")
        .env("TMPDIR", &temp_dir)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a shell");
    // From here on somebody reads both streams, to the end.
    let mut line = String::new();
    let mut stdout = BufReader::new(host.stdout.take().expect("it is piped"));
    stdout.read_line(&mut line).expect("a line");
    let socket = line.split('|').nth(3).expect("an address");
    let connection = Connection::open(Path::new(socket)).await;
    let connection = connection.expect("a connection");
    connection.fetch("alive").await.expect("a response");
    let plugin = only_child(host.id());
    // It has to be looked for ten times, which take 2 s: half of them are done when the other's
    // host dies.
    let left_alone = Plugin::left_alone().await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    drop(connection);
    // Nobody waits for it meanwhile.
    signal(host.id(), Signal::KILL);
    tokio::select! {
        () = until("the end of the plugin", || is_gone(plugin)) => {}
        () = left_alone.ended() => panic!("it has taken its host for a launcher"),
    }
    host.wait().expect("it was killed");
    assert_empty(&temp_dir);
}
