//! Plugins that do not start, and those that are still starting when their user has had enough.

use std::io::{BufRead as _, BufReader, Read as _, Write as _, pipe};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::support::{command, run, script};

/// How long an event is waited for. Only a test that fails waits so long.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn what_is_wrong_with_a_plugin_that_does_not_start_is_said() {
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
        let (_folder, path) = script(content);
        run(["call".as_ref(), path.as_os_str(), "Info".as_ref()]).failed(parts);
    }
    run(["call", "/nowhere", "Info"]).failed(&["cannot start /nowhere", "is the plugin built?"]);
}

#[test]
fn a_bare_name_is_a_file_here_and_no_command() {
    run(["call", "sh", "Info"]).failed(&["cannot start /", "/sh"]);
}

#[test]
fn ctrl_c_and_sigterm_end_the_plugin_too() {
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        ends_the_plugin_too(signal, code);
    }
}

/// This signal to the command ends it with this code, and its plugin.
fn ends_the_plugin_too(signal: &str, code: i32) {
    let (_folder, path) = script("echo here >&2; exec sleep 600");
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
    let said = stderr.lines().map(|line| line.expect("text"));
    assert!(said.into_iter().any(|line| line.contains("here")));
    kill(signal, child.id());
    assert_eq!(child.wait().expect("it ends").code(), Some(code));

    let (end, ended) = mpsc::channel();
    thread::spawn(move || end.send(reader.read_to_end(&mut Vec::new()).is_ok()));
    assert_eq!(
        ended.recv_timeout(PATIENCE),
        Ok(true),
        "the plugin has ended"
    );
}

fn kill(signal: &str, process: u32) {
    let killed = Command::new("kill")
        .args([signal, &process.to_string()])
        .status();
    assert!(killed.expect("kill runs").success());
}

#[test]
fn ctrl_c_ends_what_waits_for_a_request() {
    let mut child = command()
        .args(["call", "/nowhere", "FetchSchema", "--json", "-"])
        .stdin(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    // More than a pipe holds: what is written has been waited for.
    stdin.write_all(&vec![b' '; 1 << 20]).expect("it reads");
    kill("-INT", child.id());
    let status = child.wait().expect("it ends");
    assert_eq!(status.signal(), Some(2));
}

#[test]
fn stdout_that_is_closed_is_no_noise() {
    let (_folder, path) = script("exec >&-; exec sleep 600");
    let ran = run(["check".as_ref(), path.as_os_str(), "--json".as_ref()]);
    let report = ran.answer();
    let checks = report["checks"].as_array().expect("a list");
    for (id, level, words) in [
        ("no-cookie", "fail", "it closes stdout and does not end"),
        ("stdout-before", "pass", "nothing"),
        ("handshake", "fail", "stdout was closed"),
    ] {
        let check = checks.iter().find(|check| check["id"] == id).expect(id);
        assert_eq!(check["level"], level, "{check}");
        assert!(
            check["found"].as_str().expect("a text").contains(words),
            "{check}"
        );
    }
}
