//! Panics wherever the author's code runs: one record each in the log, and the process lives on.

use std::collections::BTreeMap;

use cvtplugin::host::{Capture, Host, LaunchError};
use cvtplugin::prelude::*;
use cvtplugin::{Health, LogRecord};
use cvtplugin_testkit::http2::Connection;
use cvtplugin_testkit::wait::{TIMEOUT, soon, until};
use tokio::task::JoinSet;

use crate::harness::Echo;

const FRAGILE: &str = env!("CARGO_BIN_EXE_cvt-plugin-fragile");

#[tokio::test]
async fn handler_panic_under_load_costs_its_own_call_alone() {
    const CALLS: usize = 400;
    let echo = Echo::launch().await;
    let connection = Connection::open(echo.plugin.socket().expect("a Unix socket")).await;
    let connection = std::sync::Arc::new(connection.expect("a connection"));
    let mut calls = JoinSet::new();
    for n in 0..CALLS {
        let connection = connection.clone();
        calls.spawn(async move {
            if n % 10 == 0 {
                let error = connection.fetch("panic").await.expect_err("a panic");
                assert_eq!(error.code(), Code::Internal);
            } else {
                let spec = connection.fetch(&format!("n{n}")).await;
                assert_eq!(spec.expect("a response"), format!("echoed: n{n}"));
            }
        });
    }
    soon("every call", calls.join_all()).await;
    echo.say("log:info:done").await.expect("a response");
    echo.log(|record| record.message == "done").await;
    panic_records(&echo, CALLS / 10).await;
    echo.end().await;
}

#[tokio::test]
async fn constructor_panic_fails_info() {
    let captured = Capture::default();
    let host = Host::new(FRAGILE).env("FRAGILE", "new").capture(&captured);
    let error = host.launch().await.expect_err("there is no plugin");
    let LaunchError::Info(error) = error else {
        panic!("{error}");
    };
    assert_eq!(error.code(), Code::Internal);
    assert!(
        error.message().contains("set CVT_PLUGIN_LOG_FILE"),
        "{error}"
    );
    captured
        .log(|record| is_panic(record, "broken in new"))
        .await;
}

#[tokio::test]
async fn health_panic_is_not_serving() {
    let fragile = launch("health").await;
    for count in 1..=2 {
        let health = fragile.plugin.client().health().await;
        assert_eq!(health.expect("a response"), Health::NotServing);
        let record = panic_records(&fragile, count).await;
        assert!(is_panic(&record, "broken in health"), "{record:?}");
    }
    send(&fragile, "nothing").await;
    fragile.end().await;
}

#[tokio::test]
async fn shutdown_panic_still_ends_cleanly() {
    let fragile = launch("shutdown").await;
    let Echo { plugin, captured } = fragile;
    let exit = plugin.shutdown().await.expect("it can be waited for");
    assert!(exit.is_clean(), "{exit:?}");
    captured
        .log(|record| is_panic(record, "broken in shutdown"))
        .await;
}

#[tokio::test]
async fn task_and_thread_panics_are_recorded() {
    let fragile = launch("nowhere").await;
    let mut threads = BTreeMap::new();
    for (place, count) in [("task", 1), ("thread", 2)] {
        send(&fragile, place).await;
        let record = panic_records(&fragile, count).await;
        assert!(
            is_panic(&record, &format!("broken in a {place}")),
            "{record:?}"
        );
        threads.insert(place, record.fields["thread"].clone());
    }
    assert_eq!(threads["task"], "cvtplugin-runtime");
    assert_eq!(threads["thread"], "");
    fragile.end().await;
}

#[tokio::test]
async fn payload_of_another_type_is_recorded() {
    let fragile = launch("nowhere").await;
    let event = ValidationFailedRequest::new("no text", "GET", "/");
    let error = fragile.plugin.on_validation_failed(event).await;
    assert_eq!(error.expect_err("a panic").code(), Code::Internal);
    let record = panic_records(&fragile, 1).await;
    assert!(record.message.ends_with("not text"), "{}", record.message);
    fragile.end().await;
}

/// The process dies of it; its last words get out.
///
/// Needs an echo that was built with `panic = "abort"`, which `cargo test` never does.
#[tokio::test]
#[ignore = "needs CVT_PLUGIN_ABORTING, an echo built with panic=abort: .ci/faults"]
async fn aborting_panic_is_recorded() {
    use std::os::unix::process::ExitStatusExt as _;

    let aborting = std::env::var("CVT_PLUGIN_ABORTING").expect("a path in CVT_PLUGIN_ABORTING");
    let echo = Echo::launch_binary(&aborting, |host| host).await;
    let error = echo.say("panic").await.expect_err("a panic");
    assert_eq!(error.code(), Code::Unavailable);
    let record = panic_records(&echo, 1).await;
    assert!(is_panic(&record, "echo was told to panic"), "{record:?}");
    let exit = echo
        .plugin
        .wait(TIMEOUT)
        .await
        .expect("it can be waited for");
    assert_eq!(exit.status.signal(), Some(6), "{exit:?}");
}

#[tokio::test]
async fn overflowed_stack_is_told_before_the_end() {
    use std::os::unix::process::ExitStatusExt as _;

    let echo = Echo::launch().await;
    let error = echo.say("overflow").await.expect_err("no response");
    assert_eq!(error.code(), Code::Unavailable);
    let told = |record: &LogRecord| record.message.contains("has overflowed its stack");
    echo.log(told).await;
    let exit = echo.plugin.wait(TIMEOUT).await;
    let exit = exit.expect("it can be waited for");
    assert_eq!(exit.status.signal(), Some(6), "{exit:?}");
}

async fn launch(broken: &str) -> Echo {
    Echo::launch_binary(FRAGILE, |host| host.env("FRAGILE", broken)).await
}

/// Makes a call that gets its response.
async fn send(fragile: &Echo, schema_id: &str) {
    let event = ValidationFailedRequest::new(schema_id, "GET", "/");
    let response = fragile.plugin.on_validation_failed(event).await;
    assert!(response.expect("a response").acknowledged);
}

/// Whether it is the record of a panic with this message, its place first.
fn is_panic(record: &LogRecord, message: &str) -> bool {
    let location = record.fields.get("location").and_then(|it| it.as_str());
    location.is_some_and(|at| record.message == format!("panicked at {at}: {message}"))
}

#[tokio::test]
async fn backtrace_has_the_plugins_frames_on_request() {
    for (variable, is_whole) in [("1", false), ("full", true)] {
        let echo = Echo::launch_with(|host| host.env("RUST_BACKTRACE", variable)).await;
        echo.say("panic").await.expect_err("a panic");
        let record = echo
            .log(|record| is_panic(record, "echo was told to panic"))
            .await;
        let backtrace = record.fields["backtrace"].as_str().expect("text");
        assert!(
            backtrace.contains("cvt_plugin_echo::words::run"),
            "{backtrace}"
        );
        assert_eq!(
            backtrace.contains("core::panicking::panic_fmt"),
            is_whole,
            "{backtrace}"
        );
        assert!(!backtrace.contains("<unknown>") || is_whole, "{backtrace}");
        echo.end().await;
    }
}

/// Waits for the records of so many panics, no more, and returns the last.
async fn panic_records(plugin: &Echo, count: usize) -> LogRecord {
    let records = || {
        let mut logs = plugin.captured.logs();
        logs.retain(|record| record.fields.get("target") == Some(&"panic".into()));
        logs
    };
    until("the records", || records().len() >= count).await;
    let records = records();
    assert_eq!(records.len(), count, "{records:#?}");
    for record in &records {
        assert_eq!(record.level, tracing::Level::ERROR);
        assert_ne!(record.fields["location"], "");
        // The harness asks for none.
        assert!(!record.fields.contains_key("backtrace"));
    }
    records.into_iter().next_back().expect("some panics")
}
