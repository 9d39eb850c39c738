//! What is printed arrives where it should, and never on the real stdout.

use std::time::Duration;

use cvtplugin::host::StdStream::{Stderr, Stdout};
use tracing::Level;

use crate::harness::Echo;

#[tokio::test]
async fn stdout_and_stderr_are_streamed() {
    let echo = Echo::launch().await;
    echo.say("stdout:to stdout").await.expect("a response");
    echo.printed(Stdout, "to stdout\n").await;
    echo.say("stderr:to stderr").await.expect("a response");
    echo.printed(Stderr, "to stderr\n").await;
    echo.end().await;
}

#[tokio::test]
async fn stderr_reaches_the_log_line_by_line() {
    let echo = Echo::launch().await;
    echo.say("rawstderr:some words").await.expect("a response");
    let record = echo.log(|record| record.message == "some words").await;
    assert_eq!(record.level, Level::DEBUG);
    echo.say("rawstderr:[WARN] careful")
        .await
        .expect("a response");
    let record = echo.log(|record| record.message.contains("careful")).await;
    assert_eq!(record.level, Level::WARN);
    echo.end().await;
}

#[tokio::test]
async fn line_that_would_crash_a_host_is_wrapped() {
    let echo = Echo::launch().await;
    let line = r#"{"@level":"info","@message":42}"#;
    echo.say(format!("rawstderr:{line}"))
        .await
        .expect("a response");
    let record = echo.log(|record| record.message == line).await;
    assert_eq!(record.level, Level::DEBUG);
    assert_eq!(record.fields["target"], "stderr");
    echo.end().await;
}

#[tokio::test]
async fn stdout_reaches_the_log_at_debug() {
    let echo = Echo::launch_with(|host| host.env("CVT_PLUGIN_LOG", "debug")).await;
    echo.say("stdout:some words").await.expect("a response");
    let record = echo.log(|record| record.message == "some words").await;
    assert_eq!(record.level, Level::DEBUG);
    assert_eq!(record.fields["target"], "stdout");
    echo.end().await;
}

#[tokio::test]
async fn steady_host_loses_nothing() {
    let echo = Echo::launch().await;
    echo.say("print:200000").await.expect("a response");
    let text = echo.printed(Stdout, "line 200000\n").await;
    assert_eq!(text.lines().count(), 200_000);
    echo.end().await;
}

#[tokio::test]
async fn child_that_inherits_the_streams_does_not_delay_the_end() {
    let echo = Echo::launch().await;
    assert_eq!(echo.say("spawn:5").await.expect("a response"), "spawned");
    let end = tokio::time::timeout(Duration::from_secs(2), echo.end());
    end.await.expect("go-plugin would wait for the child");
}
