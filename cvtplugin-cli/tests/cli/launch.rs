//! Plugins that do not start, and those that are still starting when their user has had enough.

use std::io::{BufRead as _, BufReader, Read as _, Write as _, pipe};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use nix::sys::signal::Signal;
use nix::unistd::Pid;

use crate::support::{command, run, script};

/// How long an event is waited for. Only a test that fails waits so long.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(60);

#[test]
fn launch_failure_is_explained() {
    for (content, parts) in [
        (
            "echo hello; exec sleep 60",
            &["is not a handshake line", "hello"][..],
        ),
        (
            "echo ouch >&2; exit 3",
            &["exited before its handshake line", "exit status: 3", "ouch"],
        ),
    ] {
        let (_directory, path) = script(content);
        run(["call".as_ref(), path.as_os_str(), "Info".as_ref()]).failed(parts);
    }
    run(["call", "/nowhere", "Info"]).failed(&["cannot start /nowhere", "is the plugin built?"]);
}

#[test]
fn launch_failure_shows_stderr_once_and_escaped() {
    let (_directory, path) = script("printf 'ouch \\033[2J\\rforged\\n' >&2; exit 3");
    let ran = run(["call".as_ref(), path.as_os_str(), "Info".as_ref()]);
    let ran = ran.failed(&[r"ouch \u{1b}[2J\u{d}forged"]);
    assert_eq!(ran.stderr.matches("ouch").count(), 1, "{}", ran.stderr);
    assert!(!ran.stderr.contains(['\x1b', '\r']), "{}", ran.stderr);
}

#[test]
fn interpreter_missing_is_named() {
    let (_directory, path) = script("");
    std::fs::write(&path, "#!/usr/bin/nothing-here\n").expect("a file");
    run(["call".as_ref(), path.as_os_str(), "Info".as_ref()])
        .failed(&["needs the interpreter \"/usr/bin/nothing-here\", which is missing"]);
}

#[test]
fn bare_name_is_a_path_and_not_looked_up_in_path() {
    run(["call", "sh", "Info"]).failed(&["cannot start ", "cvtplugin-cli/sh"]);
}

#[test]
fn sigint_and_sigterm_end_the_plugin() {
    for (signal, code) in [(Signal::SIGINT, 130), (Signal::SIGTERM, 143)] {
        ends_the_plugin_too(signal, code);
    }
}

/// This signal to the command ends it with this code, and its plugin.
fn ends_the_plugin_too(signal: Signal, code: i32) {
    let (_directory, path) = script("echo here >&2; exec sleep 600");
    // Whoever inherits its writing end as stdin keeps it open.
    let (mut reader, writer) = pipe().expect("a pipe");
    let mut child = command()
        .arg("call")
        .arg(path)
        .arg("Info")
        .stdin(Stdio::from(writer))
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    let stderr = BufReader::new(child.stderr.take().expect("a pipe"));
    let lines = stderr.lines().map(|line| line.expect("text"));
    assert!(lines.into_iter().any(|line| line.contains("here")));
    kill(signal, child.id());
    assert_eq!(child.wait().expect("it ends").code(), Some(code));

    let (end, ended) = mpsc::channel();
    thread::spawn(move || end.send(reader.read_to_end(&mut Vec::new()).is_ok()));
    assert_eq!(
        ended.recv_timeout(RESPONSE_TIMEOUT),
        Ok(true),
        "the plugin has ended"
    );
}

fn kill(signal: Signal, process: u32) {
    let process = Pid::from_raw(process.try_into().expect("a process id"));
    nix::sys::signal::kill(process, signal).expect("it is there");
}

#[test]
fn sigint_ends_the_wait_for_stdin() {
    // A job in the background of a script ignores it.
    let mut child = Command::new("env")
        .arg("--default-signal=INT")
        .arg(command().get_program())
        .args(["call", "/nowhere", "FetchSchema", "--json", "-"])
        .stdin(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    // More than a pipe holds: what is written has been waited for.
    stdin.write_all(&vec![b' '; 1 << 20]).expect("it reads");
    kill(Signal::SIGINT, child.id());
    let status = child.wait().expect("it ends");
    assert_eq!(status.signal(), Some(2));
}

#[test]
#[ignore = "slow: .ci/run runs it"]
fn stdout_closed_by_the_plugin_is_reported() {
    let (_directory, path) = script("exec >&-; exec sleep 600");
    let ran = run(["check".as_ref(), path.as_os_str(), "--json".as_ref()]);
    let report = ran.response();
    let checks = report["checks"].as_array().expect("a list");
    assert_eq!(
        checks[0]["id"], "handshake",
        "it keeps the plugin from starting"
    );
    for (id, level, arguments) in [
        ("no-cookie", "fail", "it closes stdout and does not end"),
        ("stdout-before", "pass", "nothing"),
        ("handshake", "fail", "stdout was closed"),
    ] {
        let check = checks.iter().find(|check| check["id"] == id).expect(id);
        assert_eq!(check["level"], level, "{check}");
        assert!(
            check["found"].as_str().expect("a text").contains(arguments),
            "{check}"
        );
    }
}

#[test]
fn path_with_spaces_is_quoted() {
    let directory = tempfile::tempdir().expect("a directory");
    let missing = directory.path().join("a b");
    let ran = run(["call".as_ref(), missing.as_os_str(), "Info".as_ref()]);
    let quoted = format!("cannot start '{}'", missing.display());
    ran.printed(&[&quoted]);
}
