//! Environments that are odd, yet served, or else explained.

use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use cvtplugin::host::{Host, LaunchError};
use cvtplugin_testkit::process::{assert_empty, is_gone, raise_own_limit, status};
use cvtplugin_testkit::wait::until;
use tempfile::TempDir;

use crate::harness::{ECHO, Echo, SHELL};
use crate::tools::connect;

/// Launches echo by a command of a shell, which is to become echo.
async fn launch(command: &str, temp_dir: &Path) -> Echo {
    let configure = |host: Host| {
        host.env("LAUNCH", command.replace("ECHO", &format!("'{ECHO}'")))
            .env("TMPDIR", temp_dir)
    };
    Echo::launch_binary(SHELL, configure).await
}

fn temp_dir() -> TempDir {
    tempfile::tempdir().expect("a directory")
}

/// Sends a signal by its number: some have no name.
fn send(process_id: u32, signal: u32) {
    let kill = format!("kill -{signal} {process_id}");
    let killed = Command::new("sh").args(["-c", &kill]).status();
    assert!(killed.expect("a shell").success(), "{kill}");
}

/// Those that end a process that does not handle them, but not one of Go's.
const SURVIVED: [u32; 12] = [10, 12, 14, 24, 25, 26, 27, 29, 30, 35, 50, 64];

#[tokio::test]
async fn signals_that_a_go_process_survives_are_survived() {
    let echo = Echo::launch().await;
    for signal in SURVIVED {
        send(echo.plugin.process_id(), signal);
        assert_eq!(
            echo.say("alive").await.expect("a response"),
            "echoed: alive"
        );
    }
    echo.end().await;
}

#[tokio::test]
async fn signals_survived_are_not_ignored_by_children() {
    let echo = Echo::launch().await;
    let child = spawn_child(&echo).await;
    let ignored = u64::from_str_radix(&status(child, "SigIgn"), 16).expect("a mask");
    for signal in SURVIVED {
        assert_eq!(ignored & (1 << (signal - 1)), 0, "{signal}: {ignored:x}");
    }
    send(child, 10);
    until("the child to end", || is_gone(child)).await;
    echo.end().await;
}

#[tokio::test]
async fn signals_ignored_at_launch_stay_ignored() {
    let directory = temp_dir();
    let echo = launch("trap '' USR1; exec ECHO", directory.path()).await;
    let ignored = status(echo.plugin.process_id(), "SigIgn");
    let ignored = u64::from_str_radix(&ignored, 16).expect("a mask");
    assert_ne!(ignored & (1 << (10 - 1)), 0, "{ignored:x}");
    echo.end().await;
}

#[tokio::test]
async fn signals_blocked_at_launch_are_unblocked() {
    let directory = temp_dir();
    let blocked = "exec env --block-signal=TERM,HUP,USR1,CHLD ECHO";
    let echo = launch(blocked, directory.path()).await;
    let process_id = echo.plugin.process_id();
    assert_eq!(status(process_id, "SigBlk"), format!("{:016x}", 0));
    send(process_id, 15);
    let exit = echo.plugin.wait(cvtplugin_testkit::wait::TIMEOUT).await;
    let exit = exit.expect("it can be waited for");
    assert!(exit.is_clean(), "{exit:?}");
}

#[tokio::test]
async fn sigchld_ignored_at_launch_does_not_keep_from_waiting_for_children() {
    let directory = temp_dir();
    // In its constructor this one waits for a child.
    let fragile = env!("CARGO_BIN_EXE_cvt-plugin-fragile");
    let command = format!("trap '' CHLD; FRAGILE='print in new' exec '{fragile}'");
    let fragile = launch(&command, directory.path()).await;
    fragile.end().await;
}

#[tokio::test]
async fn log_file_over_its_size_limit_costs_the_log_alone() {
    let directory = temp_dir();
    let log = directory.path().join("log");
    let command = format!(
        "ulimit -f 1; CVT_PLUGIN_LOG_FILE='{}' exec ECHO",
        log.display()
    );
    let echo = launch(&command, directory.path()).await;
    for _ in 0..100 {
        let id = format!("log:info:{}", "x".repeat(100));
        echo.say(id).await.expect("a response");
    }
    let size = log.metadata().expect("the log file").len();
    assert!((1..=1024).contains(&size), "{size}");
    echo.end().await;
}

#[tokio::test]
async fn umask_of_any_kind_is_served() {
    for umask in ["0177", "0777", "0000"] {
        let directory = temp_dir();
        let echo = launch(&format!("umask {umask}; exec ECHO"), directory.path()).await;
        assert_eq!(
            echo.say("alive").await.expect("a response"),
            "echoed: alive"
        );
        echo.end().await;
        assert_empty(directory.path());
    }
}

#[tokio::test]
async fn temp_dir_that_is_empty_is_tmp() {
    let directory = temp_dir();
    let command = format!("cd '{}'; TMPDIR= exec ECHO", directory.path().display());
    let echo = launch(&command, directory.path()).await;
    let socket = echo.plugin.socket().expect("a Unix socket");
    assert!(socket.starts_with("/tmp/"), "{}", socket.display());
    assert_empty(directory.path());
    echo.end().await;
}

#[tokio::test]
async fn temp_dir_that_is_relative_is_made_absolute() {
    let directory = temp_dir();
    std::fs::create_dir(directory.path().join("below")).expect("a directory");
    let command = format!(
        "cd '{}'; TMPDIR=below exec ECHO",
        directory.path().display()
    );
    let echo = launch(&command, directory.path()).await;
    let below = directory.path().join("below");
    let socket = echo.plugin.socket().expect("a Unix socket");
    assert!(socket.starts_with(&below));
    echo.end().await;
    assert_empty(&below);
}

/// A directory whose path has so many bytes.
fn of_length(parent: &Path, length: usize) -> PathBuf {
    let missing = length - parent.as_os_str().len() - 1;
    let path = parent.join("x".repeat(missing));
    std::fs::create_dir(&path).expect("a directory");
    path
}

#[tokio::test]
async fn temp_dir_of_94_bytes_is_served_and_a_longer_one_explained() {
    let directory = temp_dir();
    let longest = of_length(directory.path(), 94);
    let echo = Echo::launch_with(|host| host.env("TMPDIR", &longest)).await;
    assert_eq!(
        echo.say("alive").await.expect("a response"),
        "echoed: alive"
    );
    echo.end().await;
    assert_empty(&longest);

    let longer = of_length(directory.path(), 95);
    let why = refused(&longer).await;
    assert!(
        why.contains("too long, 108 bytes: expected at most 107"),
        "{why}"
    );
    assert!(why.contains("TMPDIR"), "{why}");
    assert_empty(&longer);
}

#[tokio::test]
async fn temp_dir_that_is_not_utf8_is_explained() {
    let directory = temp_dir();
    let odd = directory
        .path()
        .join(std::ffi::OsStr::from_bytes(b"\xff\xfe"));
    std::fs::create_dir(&odd).expect("a directory");
    let why = refused(&odd).await;
    assert!(
        why.contains("expected UTF-8") && why.contains("TMPDIR"),
        "{why}"
    );
    assert_empty(&odd);
}

/// Why echo does not start with this temporary directory.
async fn refused(temp_dir: &Path) -> String {
    let error = Host::new(ECHO).env("TMPDIR", temp_dir).launch().await;
    let error = error.expect_err("it is refused");
    assert!(
        matches!(error, LaunchError::BadHandshake { .. }),
        "{error:?}"
    );
    error.to_string()
}

#[tokio::test]
async fn descriptors_beyond_the_soft_limit_are_for_connections_and_not_for_children() {
    const SOFT_LIMIT: usize = 64;
    raise_own_limit();
    let directory = temp_dir();
    let command = format!("ulimit -S -n {SOFT_LIMIT}; exec ECHO");
    let echo = launch(&command, directory.path()).await;
    let mut connections = Vec::new();
    for _ in 0..2 * SOFT_LIMIT {
        let connection = connect(&echo).await;
        let spec = connection.fetch("alive").await.expect("a response");
        assert_eq!(spec, "echoed: alive");
        connections.push(connection);
    }
    // Starting a child takes descriptors below the limit.
    connections.drain(..SOFT_LIMIT).for_each(drop);
    let free =
        || cvtplugin_testkit::process::descriptors(echo.plugin.process_id()) < 2 * SOFT_LIMIT;
    until("descriptors below the limit", free).await;
    let child = spawn_child(&echo).await;
    for process_id in [echo.plugin.process_id(), child] {
        let limits = std::fs::read_to_string(format!("/proc/{process_id}/limits"));
        let limits = limits.expect("it runs");
        let limit = limits
            .lines()
            .find(|line| line.starts_with("Max open files"));
        let soft = limit.and_then(|limit| limit.split_whitespace().nth(3));
        assert_eq!(soft, Some(SOFT_LIMIT.to_string().as_str()), "{process_id}");
    }
    send(child, 9);
    echo.end().await;
}

/// Has echo start a child, which sleeps.
async fn spawn_child(echo: &Echo) -> u32 {
    let spawned = echo.say("spawn:3600").await;
    assert_eq!(spawned.expect("a response"), "spawned");
    let tasks = format!("/proc/{}/task", echo.plugin.process_id());
    let tasks = std::fs::read_dir(tasks).expect("it runs").flatten();
    let children =
        tasks.filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok());
    let children: String = children.collect();
    children.trim().parse().expect("one child")
}

/// Starts a plugin that panics at a place before its handshake line.
fn panic_early(doomed: &str, place: &str) -> Output {
    Command::new(doomed)
        .env("CVT_PLUGIN_MAGIC_COOKIE", "cvt-plugin-v1")
        .env("PLUGIN_PROTOCOL_VERSIONS", "1,x")
        .env("DOOMED", place)
        .stdin(Stdio::null())
        .output()
        .expect("it starts")
}

/// Checks that the one line on stdout explains the panic.
fn assert_explained(stdout: &str) {
    let explanation = "cvt plugin: panicked before the handshake: ";
    assert!(stdout.starts_with(explanation), "{stdout}");
    assert!(stdout.contains("doomed   in"), "{stdout}");
    assert_eq!(stdout.lines().count(), 1, "{stdout}");
}

#[test]
fn panic_before_the_handshake_line_is_explained_on_stdout() {
    for place in ["info", "logger"] {
        let output = panic_early(env!("CARGO_BIN_EXE_cvt-plugin-doomed"), place);
        assert_eq!(output.status.code(), Some(1), "{place}");
        let stdout = String::from_utf8(output.stdout).expect("text");
        assert_explained(&stdout);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(stderr.contains(stdout.trim_end()), "{stderr}");
    }
}

#[test]
#[ignore = "needs CVT_PLUGIN_ABORTING_DOOMED, built with panic=abort: .ci/faults"]
fn aborting_panic_before_the_handshake_line_is_explained_on_stdout() {
    let doomed = std::env::var("CVT_PLUGIN_ABORTING_DOOMED");
    let doomed = doomed.expect("a path in CVT_PLUGIN_ABORTING_DOOMED");
    for place in ["info", "logger"] {
        let output = panic_early(&doomed, place);
        assert_eq!(output.status.code(), None, "{place}: no signal");
        assert_explained(&String::from_utf8(output.stdout).expect("text"));
    }
}
