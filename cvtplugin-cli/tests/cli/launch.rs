//! Plugins that do not start, and those that are still starting when their user has had enough.

use std::io::{BufRead as _, BufReader, Read as _, pipe};
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
            &["is no handshake line", "hello"][..],
        ),
        (
            "echo ouch >&2; exit 3",
            &["ended before its handshake line", "exit status: 3", "ouch"],
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
fn ctrl_c_ends_the_plugin_too() {
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
    let interrupted = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(interrupted.expect("kill runs").success());
    assert_eq!(child.wait().expect("it ends").code(), Some(130));

    let (end, ended) = mpsc::channel();
    thread::spawn(move || end.send(reader.read_to_end(&mut Vec::new()).is_ok()));
    assert_eq!(
        ended.recv_timeout(PATIENCE),
        Ok(true),
        "the plugin has ended"
    );
}
