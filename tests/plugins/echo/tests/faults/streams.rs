//! The standard streams and the log, when nobody reads them, or what is in them is not text.

use std::collections::BTreeMap;
use std::io::{PipeWriter, pipe};
use std::path::PathBuf;
use std::process::{Command as StdCommand, Stdio};

use cvtplugin::host::StdStream::{Stderr, Stdout};
use cvtplugin::prelude::*;
use cvtplugin_testkit::http2::{Connection, SHUTDOWN, STREAM_STDIO};
use cvtplugin_testkit::process::{Signal, mebibytes, signal};
use cvtplugin_testkit::wait::{soon, until};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};

use crate::harness::{Echo, LOG, bare_command};

/// The longest line that a host reads in one piece.
const LONGEST_LINE: usize = 64 * 1024;

/// How much is printed at a time: the largest request there is, or so.
const PIECE: usize = 4_000_000;

/// How often, for 100 MB in all.
const PIECES: usize = 25;

/// The memory that is fine for a plugin that prints 100 MB, in MiB.
const MUCH_MEMORY: u64 = 64;

/// Echo as no host launches it: with streams of the test's choosing.
pub(crate) struct Bare {
    child: Child,
    stdout: BufReader<ChildStdout>,
    socket: PathBuf,
    connection: Connection,
}

impl Bare {
    pub(crate) async fn launch(stderr: impl Into<Stdio>) -> Self {
        let mut command = launched();
        command.stdout(Stdio::piped()).stderr(stderr);
        let mut child = Command::from(command)
            .kill_on_drop(true)
            .spawn()
            .expect("echo starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut line = String::new();
        let read = soon("the handshake line", stdout.read_line(&mut line)).await;
        read.expect("stdout can be read");
        let socket = PathBuf::from(line.split('|').nth(3).expect("an address"));
        let connection = Connection::open(&socket).await.expect("a connection");
        Self {
            child,
            stdout,
            socket,
            connection,
        }
    }

    pub(crate) async fn say(&self, id: &str) {
        let response = soon("a response", self.connection.fetch(id)).await;
        response.expect("echo responds");
    }

    /// Ends the plugin, and checks that it ends as it should.
    pub(crate) async fn end(mut self) {
        signal(self.child.id().expect("it runs"), Signal::TERM);
        let status = soon("the end", self.child.wait()).await;
        assert!(status.expect("it can be waited for").success());
    }
}

/// The echo plugin with an environment as a host's.
fn launched() -> StdCommand {
    let mut command = bare_command();
    command
        .env("CVT_PLUGIN_MAGIC_COOKIE", "cvt-plugin-v1")
        .env("CVT_PLUGIN_LOG", LOG);
    command
}

#[tokio::test]
async fn stderr_closed_calls_still_succeed() {
    let (reader, writer) = pipe().expect("a pipe");
    let echo = Bare::launch(writer).await;
    drop(reader);
    for word in [
        "log:error:unheard",
        "stderr:unheard",
        "rawstderr:unheard",
        "alive",
    ] {
        echo.say(word).await;
    }
    let error = echo.connection.fetch("panic").await.expect_err("a panic");
    assert_eq!(error.code(), Code::Internal);
    echo.end().await;
}

#[tokio::test]
async fn stdout_closed_after_the_handshake_calls_still_succeed() {
    let mut echo = Bare::launch(Stdio::null()).await;
    echo.stdout = BufReader::new(other_stdout());
    for word in ["stdout:unheard", "print:10000", "alive"] {
        echo.say(word).await;
    }
    echo.end().await;
}

/// The stdout of a process that has ended, in the place of one that is to be closed.
fn other_stdout() -> ChildStdout {
    let other = Command::new("true").stdout(Stdio::piped()).spawn();
    other.expect("true runs").stdout.take().expect("a pipe")
}

#[test]
fn stdout_closed_before_the_handshake_ends_the_plugin() {
    let (reader, writer) = pipe().expect("a pipe");
    drop(reader);
    let output = launched().stdout(writer).output().expect("echo starts");
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8(output.stderr).expect("text");
    assert!(stderr.contains("handshake line"), "{stderr}");
}

#[tokio::test]
async fn full_disk_costs_the_log_file_alone() {
    let full = |host: cvtplugin::host::Host| host.env("CVT_PLUGIN_LOG_FILE", "/dev/full");
    let echo = Echo::launch_with(full).await;
    let captured: Vec<_> = (0..100).map(|n| format!("n{n}")).collect();
    for text in &captured {
        echo.say(format!("log:info:{text}"))
            .await
            .expect("a response");
        echo.log(|record| record.message == *text).await;
    }
    let logged: Vec<_> = echo
        .captured
        .logs()
        .into_iter()
        .map(|it| it.message)
        .collect();
    assert_eq!(logged, captured);
    echo.end().await;
}

#[tokio::test]
#[ignore = "slow: .ci/run runs it"]
async fn stdout_unread_of_100_mb_costs_neither_time_nor_memory() {
    let echo = Bare::launch(Stdio::null()).await;
    print_much(&echo, "stdout").await;
    echo.end().await;
}

#[tokio::test]
#[ignore = "slow: .ci/run runs it"]
async fn stdout_stalled_of_100_mb_costs_neither_time_nor_memory() {
    let echo = Bare::launch(Stdio::null()).await;
    // A connection of its own: it would take the window of another with it.
    let other = Connection::open(&echo.socket).await.expect("a connection");
    let stream = other.begin(STREAM_STDIO, &[]).await;
    let (stream, mut request) = stream.expect("the stream opens");
    let empty = cvtplugin_testkit::http2::framed(&());
    request.send_data(empty, true).expect("it is sent");
    let stream = soon("the stream", stream).await.expect("the stream opens");
    print_much(&echo, "stdout").await;
    drop(stream);
    echo.end().await;
}

#[tokio::test]
#[ignore = "slow: .ci/run runs it"]
async fn stderr_of_100_mb_costs_neither_time_nor_memory() {
    let echo = Bare::launch(Stdio::null()).await;
    print_much(&echo, "stderr").await;
    echo.end().await;
}

async fn print_much(echo: &Bare, stream: &str) {
    let piece = format!(
        "{stream}:{}",
        "a line of 32 bytes, with its end\n".repeat(PIECE / 32)
    );
    for _ in 0..PIECES {
        echo.say(&piece).await;
    }
    let used = mebibytes(echo.child.id().expect("it runs"), "VmRSS");
    assert!(used < MUCH_MEMORY, "{used} MiB");
}

#[tokio::test]
async fn stderr_unread_does_not_delay_shutdown() {
    let (_reader, writer) = pipe().expect("a pipe");
    let full = writer.try_clone().expect("a copy");
    let echo = Bare::launch(writer).await;
    let text = format!("log:info:{}", "x".repeat(10_000));
    // More than the pipe holds.
    for _ in 0..20 {
        let call = echo.connection.fetch(&text);
        soon("a response", call).await.expect("a response");
    }
    until("the pipe to be full", || !writable(&full)).await;
    echo.connection
        .call::<()>(SHUTDOWN, &())
        .await
        .expect("a response");
    echo.end().await;
}

/// Whether somebody who writes there does not have to wait.
fn writable(pipe: &PipeWriter) -> bool {
    let mut fds = [PollFd::new(pipe, PollFlags::OUT)];
    poll(&mut fds, Some(&Timespec::default())).expect("it can be asked") > 0
}

#[tokio::test]
async fn log_lines_are_no_longer_than_a_host_reads() {
    let mut echo = Bare::launch(Stdio::piped()).await;
    let stderr = echo.child.stderr.take().expect("a pipe");
    let reader = tokio::spawn(async move {
        let mut all = Vec::new();
        let mut stderr = stderr;
        stderr.read_to_end(&mut all).await.expect("it can be read");
        all
    });
    let long = "x".repeat(300_000);
    echo.say(&format!("rawstderr:{long}")).await;
    echo.say(&format!("log:info:{long}")).await;
    echo.say(&format!(
        "rawstderr:{{\"@level\":\"info\",\"@message\":\"{long}\"}}"
    ))
    .await;
    echo.say(&format!("rawstderr:[WARN] {}", "é\u{1}".repeat(70_000)))
        .await;
    echo.end().await;
    let all = soon("the end of the log", reader).await.expect("a log");
    let longest = all
        .split_inclusive(|byte| *byte == b'\n')
        .map(<[u8]>::len)
        .max();
    let longest = longest.unwrap_or_default();
    assert!(longest <= LONGEST_LINE, "{longest} bytes");
    // Nothing of what was printed as it is, is lost.
    let whole = String::from_utf8(all).expect("text");
    let kept = whole.matches('x').count();
    assert!(kept > 300_000, "{kept} bytes of the long lines are left");
    assert_eq!(whole.matches('é').count(), 70_000);
}

#[tokio::test]
async fn invalid_utf8_is_made_text() {
    let fragile = env!("CARGO_BIN_EXE_cvt-plugin-fragile");
    let fragile = Echo::launch_binary(fragile, |host| host).await;
    let event = ValidationFailedRequest::new("printing", "GET", "/");
    let response = fragile.plugin.on_validation_failed(event).await;
    assert!(response.expect("a response").acknowledged);
    // The stream has it as it is, but for what this harness cannot show.
    for channel in [Stdout, Stderr] {
        let printed = fragile.printed(channel, "\n").await;
        assert!(
            printed.contains("\0\u{1b}[31m\r{\"@level\": "),
            "{printed:?}"
        );
    }
    fragile
        .log(|record| record.message.contains("{\"@level\": "))
        .await;
    fragile.end().await;
}

#[tokio::test]
async fn message_may_hold_anything() {
    let echo = Echo::launch().await;
    for text in [
        "two\nlines",
        "\u{1b}[31mred\u{0}\r",
        "\"},{\"@level\":\"error\"",
        "\u{2028}\u{feff}\u{10ffff}",
        "{\"@level\":\"info\",\"@message\":42}",
    ] {
        echo.say(format!("log:info:{text}"))
            .await
            .expect("a response");
        let record = echo.log(|record| record.message == text).await;
        let known: BTreeMap<_, _> = record.fields.into_iter().collect();
        assert_eq!((&known["k"], &known["n"]), (&"v".into(), &7.into()));
    }
    echo.end().await;
}

#[tokio::test]
async fn output_of_the_last_call_arrives_before_the_end() {
    for n in 0..50 {
        let echo = Echo::launch().await;
        let captured = echo.captured.clone();
        let word = format!("stdout:last words {n}");
        echo.say(word).await.expect("a response");
        echo.end().await;
        captured.printed(Stdout, &format!("last words {n}\n")).await;
    }
}
