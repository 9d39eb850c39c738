//! What is left in the temporary directory: nothing, after starts and ends of every kind.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use cvtplugin_testkit::process::{self, Signal};

use crate::harness::ECHO;

/// How a plugin starts, in a shell, and the signal that ends it, if it starts at all.
const KINDS: [(&str, Option<Signal>); 11] = [
    ("exec \"$ECHO\"", Some(Signal::TERM)),
    // They are ignored where the tests run under nohup, or in the background.
    ("exec env --default-signal=HUP \"$ECHO\"", Some(Signal::HUP)),
    ("umask 0177; exec \"$ECHO\"", Some(Signal::TERM)),
    // These leave their directories to the next one.
    ("exec \"$ECHO\"", Some(Signal::KILL)),
    ("exec \"$ECHO\"", Some(Signal::ABORT)),
    (
        "exec env --default-signal=QUIT \"$ECHO\"",
        Some(Signal::QUIT),
    ),
    // These do not start.
    ("PLUGIN_CLIENT_CERT=none exec \"$ECHO\"", None),
    ("PLUGIN_UNIX_SOCKET_DIR=/nowhere exec \"$ECHO\"", None),
    ("PLUGIN_UNIX_SOCKET_GROUP=' no group ' exec \"$ECHO\"", None),
    ("exec \"$ECHO\" >/dev/full", None),
    (
        "DOOMED=logger PLUGIN_PROTOCOL_VERSIONS=x exec \"$DOOMED_PLUGIN\"",
        None,
    ),
];

fn shell(script: &str, temp_dir: &Path) -> Command {
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("ulimit -c 0; {script}")])
        .env("ECHO", ECHO)
        .env("DOOMED_PLUGIN", env!("CARGO_BIN_EXE_cvt-plugin-doomed"))
        .env("CVT_PLUGIN_MAGIC_COOKIE", "cvt-plugin-v1")
        .env("RUST_BACKTRACE", "0")
        .env("TMPDIR", temp_dir)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

/// Starts a plugin and ends it; returns what it wrote to the real stdout.
fn start_and_end(script: &str, signal: Option<Signal>, temp_dir: &Path) -> String {
    let mut child = shell(script, temp_dir).spawn().expect("a shell");
    let mut stdout = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut line = String::new();
    stdout.read_line(&mut line).expect("text");
    if line.starts_with("1|1|unix|") {
        let signal = signal.unwrap_or(Signal::TERM);
        process::signal(child.id(), signal);
    }
    stdout.read_to_string(&mut line).expect("text");
    child.wait().expect("it has ended");
    line
}

/// Checks that the directory is empty once the last plugin, which sweeps it, is done.
fn assert_swept(temp_dir: &Path) {
    let mut child = shell("exec \"$ECHO\"", temp_dir).spawn().expect("a shell");
    let mut stdout = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut line = String::new();
    stdout.read_line(&mut line).expect("a line");
    let list = || {
        let entries = std::fs::read_dir(temp_dir).expect("it can be listed");
        entries
            .flatten()
            .map(|entry| entry.path())
            .collect::<Vec<_>>()
    };
    // Its own is there, and in the end no other: the test hangs if there is.
    while list().len() > 1 {
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().expect("it is ours");
    child.wait().expect("it was killed");
    start_and_end("exec \"$ECHO\"", Some(Signal::TERM), temp_dir);
    while !list().is_empty() {
        start_and_end("exec \"$ECHO\"", Some(Signal::TERM), temp_dir);
    }
}

fn every_kind(rounds: usize) {
    let temp_dir = tempfile::tempdir().expect("a directory");
    for _ in 0..rounds {
        for (script, signal) in KINDS {
            let line = start_and_end(script, signal, temp_dir.path());
            assert_eq!(
                line.starts_with("1|1|unix|"),
                signal.is_some(),
                "{script}: {line}"
            );
        }
    }
    assert_swept(temp_dir.path());
}

#[test]
fn ends_of_every_kind_leave_nothing() {
    every_kind(2);
}

/// 1,000 of them, by 91 rounds.
#[test]
#[ignore = "takes minutes: .ci/long runs it"]
fn ends_of_every_kind_leave_nothing_1000_times() {
    every_kind(1_000_usize.div_ceil(KINDS.len()));
}

/// With each number of descriptors a plugin either serves or says why, and leaves nothing.
#[test]
fn starts_without_descriptors_leave_nothing() {
    let temp_dir = tempfile::tempdir().expect("a directory");
    let mut served = Vec::new();
    for limit in 3..=48 {
        let script = format!("ulimit -n {limit}; exec \"$ECHO\"");
        let line = start_and_end(&script, None, temp_dir.path());
        let left: Vec<_> = std::fs::read_dir(temp_dir.path())
            .expect("it can be listed")
            .flatten()
            .collect();
        assert!(left.is_empty(), "{limit}: {line}: left behind: {left:?}");
        let is_served = line.starts_with("1|1|unix|");
        // Below, the process cannot even load its libraries, or look at its standard streams.
        let explains = line.starts_with("cvt plugin: ") || limit < 8;
        assert!(is_served || explains, "{limit}: {line}");
        served.push(is_served);
    }
    assert!(
        served.is_sorted() && served.last() == Some(&true),
        "{served:?}"
    );
}
