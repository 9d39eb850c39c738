//! A log that nobody takes: neither the host's pipe nor the log file makes anybody wait.

use std::ffi::OsStr;
use std::fs::File;
use std::os::unix::fs::OpenOptionsExt as _;

use cvtplugin::host::Host;
use cvtplugin::{Health, LogRecord};
use cvtplugin_testkit::process::{Signal, signal};
use cvtplugin_testkit::terminal;
use cvtplugin_testkit::wait::soon;
use rustix::fs::{CWD, FileType, Mode, OFlags, mknodat};

use crate::harness::Echo;

/// Much more than a pipe or a terminal holds, and than waits in memory.
const RECORDS: usize = 2_000;

fn logging_to(path: impl AsRef<OsStr>) -> impl FnOnce(Host) -> Host {
    move |host| host.env("CVT_PLUGIN_LOG_FILE", path)
}

/// Logs much, and checks that nothing waits for it.
async fn log_much(echo: &Echo) {
    let text = format!("log:info:{}", "x".repeat(1_000));
    for _ in 0..RECORDS {
        soon("a response", echo.say(&text))
            .await
            .expect("a response");
    }
    let health = soon("health", echo.plugin.health()).await;
    assert_eq!(health.expect("a response"), Health::Serving);
}

#[tokio::test]
async fn log_file_on_a_stopped_terminal_delays_neither_calls_nor_the_end() {
    let (_terminal, path) = terminal::stopped();
    let echo = Echo::launch_with(logging_to(path)).await;
    log_much(&echo).await;
    let captured = echo.captured.clone();
    soon("the end", echo.end()).await;
    // The host is told of what did not get there.
    let of_loss = |record: &LogRecord| record.message.contains("did not reach the log file");
    let record = captured.log(of_loss).await;
    let lost = record
        .message
        .split(' ')
        .next()
        .and_then(|word| word.parse().ok());
    assert!(
        (1_000..=RECORDS + 10).contains(&lost.expect("a number")),
        "{record:?}"
    );
}

#[tokio::test]
#[ignore = "slow: .ci/run runs it"]
async fn log_file_on_a_stopped_terminal_does_not_delay_sigterm() {
    let (_terminal, path) = terminal::stopped();
    let echo = Echo::launch_with(logging_to(path)).await;
    log_much(&echo).await;
    signal(echo.plugin.process_id(), Signal::TERM);
    let exit = echo.plugin.wait(cvtplugin_testkit::wait::TIMEOUT).await;
    assert!(exit.expect("it ends").is_clean());
}

#[tokio::test]
#[ignore = "slow: .ci/run runs it"]
async fn log_file_that_is_an_unread_pipe_delays_no_call() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("pipe");
    let mode = Mode::RUSR | Mode::WUSR;
    mknodat(CWD, &path, FileType::Fifo, mode, 0).expect("a pipe");
    let flags = OFlags::NONBLOCK.bits().cast_signed();
    let _reader = File::options().read(true).custom_flags(flags).open(&path);
    let echo = Echo::launch_with(logging_to(path)).await;
    log_much(&echo).await;
    soon("the end", echo.end()).await;
}

#[tokio::test]
#[ignore = "slow: .ci/run runs it"]
async fn lines_that_an_unread_pipe_drops_are_all_counted() {
    const RECORDS: usize = 5_000;
    let (reader, writer) = std::io::pipe().expect("a pipe");
    let echo = crate::streams::Bare::launch(writer).await;
    for n in 0..RECORDS {
        echo.say(&format!("log:info:{n} {}", "x".repeat(1_000)))
            .await;
    }
    // From here on the host reads.
    let reading = tokio::task::spawn_blocking(move || std::io::read_to_string(reader));
    echo.end().await;
    let text = soon("the end of the log", reading).await.expect("a thread");
    let (mut whole, mut missing) = (0, 0);
    for line in text.expect("text").lines() {
        let record: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let message = record["@message"].as_str().expect("text");
        match message.strip_suffix(" log lines were lost: the host does not read them") {
            Some(number) => missing += number.parse::<usize>().expect("a number"),
            None => whole += usize::from(message.contains("xxx")),
        }
    }
    assert!(missing > 0);
    assert_eq!(whole + missing, RECORDS);
}

#[tokio::test]
async fn error_messages_are_cut_with_a_mark() {
    let echo = Echo::launch().await;
    let message = "x".repeat(3_000_000);
    let error = echo
        .say(format!("error:14:{message}"))
        .await
        .expect_err("an error");
    assert_eq!(error.code(), cvtplugin::Code::Unavailable);
    assert!(
        error.message().len() < 66_000,
        "{} bytes",
        error.message().len()
    );
    assert!(error.message().ends_with("[2934464 bytes cut]"));
    echo.end().await;
}

#[tokio::test]
async fn log_file_that_cannot_be_opened_is_warned_about_and_fails_nothing() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("file/plugin.log");
    std::fs::write(directory.path().join("file"), "no directory").expect("it is written");
    let echo = Echo::launch_with(logging_to(path.clone())).await;
    let warning = echo
        .log(|record| record.message.starts_with("cannot open the log file"))
        .await;
    assert!(
        warning.message.contains(path.to_str().expect("text")),
        "{warning:?}"
    );
    // Where the host drops the log, the first call that fails says it.
    echo.say("error:12:not here").await.expect_err("no failure");
    let error = echo.say("error:14:down").await.expect_err("a failure");
    let expected = format!("down; {}", warning.message);
    assert_eq!(error.message(), expected);
    let error = echo.say("error:14:down").await.expect_err("a failure");
    assert_eq!(error.message(), "down");
    echo.end().await;
}

#[tokio::test]
async fn log_file_may_be_in_the_home_directory_and_need_a_directory() {
    let home = tempfile::tempdir().expect("a directory");
    let of_home = |host: Host| {
        host.env("HOME", home.path())
            .env("CVT_PLUGIN_LOG_FILE", "~/logs/a.log")
    };
    let echo = Echo::launch_with(of_home).await;
    echo.say("log:info:kept").await.expect("a response");
    echo.end().await;
    let text = std::fs::read_to_string(home.path().join("logs/a.log")).expect("it is there");
    assert!(text.contains(r#""@message":"kept""#), "{text}");
}

#[tokio::test]
async fn log_file_that_is_our_own_stderr_is_refused_and_that_of_the_host_is_not() {
    let echo = Echo::launch_with(logging_to("/dev/stderr")).await;
    echo.log(|record| record.message.contains("own stdout or stderr"))
        .await;
    echo.end().await;
    // The host's: in a container, that is what the log of process 1 is.
    let (reader, writer) = std::io::pipe().expect("a pipe");
    let number = std::os::fd::AsRawFd::as_raw_fd(&writer);
    let path = format!("/proc/{}/fd/{number}", std::process::id());
    let echo = Echo::launch_with(logging_to(path)).await;
    echo.say("log:info:kept").await.expect("a response");
    echo.end().await;
    drop(writer);
    let text = std::io::read_to_string(reader).expect("text");
    assert!(text.contains(r#""@message":"kept""#), "{text}");
}

/// Needs root, to make a link of another user's.
#[tokio::test]
#[ignore = "needs root: .ci/faults"]
async fn log_file_behind_a_link_of_another_user_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    let (link, target) = (
        directory.path().join("link"),
        directory.path().join("target"),
    );
    std::os::unix::fs::symlink(&target, &link).expect("a link");
    std::os::unix::fs::lchown(&link, Some(65_534), None).expect("we are root");
    let echo = Echo::launch_with(logging_to(link)).await;
    echo.log(|record| record.message.contains("symbolic link of another user"))
        .await;
    echo.end().await;
    assert!(!target.exists());
}
