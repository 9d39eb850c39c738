//! Panics wherever the author's code runs: one record each in the log, and the process lives on.

use std::collections::BTreeMap;

use cvtplugin::host::{Exit, Host, LaunchError};
use cvtplugin::prelude::*;
use cvtplugin::{Health, LogRecord};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::harness::{Echo, PATIENCE};
use crate::raw::Connection;
use crate::tools::soon;

const FRAGILE: &str = env!("CARGO_BIN_EXE_cvt-plugin-fragile");

#[tokio::test]
async fn under_load_a_panic_costs_its_own_call_alone() {
    const CALLS: usize = 400;
    let mut echo = Echo::launch().await;
    let connection = Connection::open(echo.plugin.socket()).await;
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
                assert_eq!(spec.expect("an answer"), format!("echoed: n{n}"));
            }
        });
    }
    soon("every call", calls.join_all()).await;
    for _ in 0..CALLS / 10 {
        panic_record(&mut echo).await;
    }
    echo.say("log:info:done").await.expect("said");
    let one_more = |record: &LogRecord| is_of_a_panic(record) || record.message == "done";
    let next = echo.log(one_more).await;
    assert_eq!(next.message, "done", "one record for each panic");
    echo.end().await;
}

#[tokio::test]
async fn in_the_constructor_it_fails_info() {
    let (log, mut logs) = mpsc::unbounded_channel();
    let host = Host::new(FRAGILE)
        .env("FRAGILE", "new")
        .on_log(move |record| drop(log.send(record)));
    let error = host.launch().await.expect_err("there is no plugin");
    let LaunchError::Info(error) = error else {
        panic!("{error}");
    };
    assert_eq!(error.code(), Code::Internal);
    assert!(error.message().contains("see its log"), "{error}");
    let recorded = async {
        while let Some(record) = logs.recv().await {
            if record.message == "the plugin panicked: broken in new" {
                return;
            }
        }
        panic!("the log ended without the record");
    };
    soon("the record", recorded).await;
}

#[tokio::test]
async fn in_health_it_is_not_serving() {
    let mut fragile = launch("health").await;
    for _ in 0..2 {
        let health = fragile.plugin.health().await;
        assert_eq!(health.expect("an answer"), Health::NotServing);
        let record = panic_record(&mut fragile).await;
        assert_eq!(record.message, "the plugin panicked: broken in health");
    }
    tell(&fragile, "nothing").await;
    fragile.end().await;
}

#[tokio::test]
async fn in_shutdown_the_end_is_clean_all_the_same() {
    let Echo {
        plugin, mut logs, ..
    } = launch("shutdown").await;
    let exit: Exit = plugin.shutdown().await.expect("it can be waited for");
    assert!(exit.is_clean(), "{exit:?}");
    let record = soon("the record", logs.recv()).await.expect("a record");
    assert_eq!(record.message, "the plugin panicked: broken in shutdown");
}

#[tokio::test]
async fn in_tasks_and_threads_of_the_authors_it_is_recorded() {
    let mut fragile = launch("nowhere").await;
    let mut threads = BTreeMap::new();
    for place in ["task", "thread"] {
        tell(&fragile, place).await;
        let record = panic_record(&mut fragile).await;
        let message = format!("the plugin panicked: broken in a {place}");
        assert_eq!(record.message, message);
        threads.insert(place, record.fields["thread"].clone());
    }
    assert_eq!(threads["task"], "cvtplugin-handler");
    assert_eq!(threads["thread"], "");
    fragile.end().await;
}

#[tokio::test]
async fn with_a_payload_that_is_no_text_it_is_recorded() {
    let mut fragile = launch("nowhere").await;
    let event = ValidationFailedRequest::new("no text", "GET", "/");
    let error = fragile.plugin.on_validation_failed(event).await;
    assert_eq!(error.expect_err("a panic").code(), Code::Internal);
    let record = panic_record(&mut fragile).await;
    assert!(record.message.contains("no text"), "{}", record.message);
    fragile.end().await;
}

/// The process dies of it; its last words get out.
///
/// Needs an echo that was built with `panic = "abort"`, which `cargo test` never does.
#[tokio::test]
#[ignore = "needs CVT_PLUGIN_ABORTING, an echo built with panic=abort: .ci/faults"]
async fn where_panics_abort_the_record_gets_out() {
    use std::os::unix::process::ExitStatusExt as _;

    let aborting = std::env::var("CVT_PLUGIN_ABORTING").expect("a path in CVT_PLUGIN_ABORTING");
    let mut echo = Echo::launch_binary(&aborting, |host| host).await;
    let error = echo.say("panic").await.expect_err("a panic");
    assert_eq!(error.code(), Code::Unavailable);
    let record = panic_record(&mut echo).await;
    assert_eq!(
        record.message,
        "the plugin panicked: echo was told to panic"
    );
    assert!(record.fields.contains_key("backtrace"));
    let exit = echo
        .plugin
        .wait(PATIENCE)
        .await
        .expect("it can be waited for");
    assert_eq!(exit.status.signal(), Some(6), "{exit:?}");
}

async fn launch(broken: &str) -> Echo {
    Echo::launch_binary(FRAGILE, |host| host.env("FRAGILE", broken)).await
}

/// Makes a call that is answered.
async fn tell(fragile: &Echo, schema_id: &str) {
    let event = ValidationFailedRequest::new(schema_id, "GET", "/");
    let answer = fragile.plugin.on_validation_failed(event).await;
    assert!(answer.expect("an answer").acknowledged);
}

fn is_of_a_panic(record: &LogRecord) -> bool {
    record.fields.get("target") == Some(&"panic".into())
}

async fn panic_record(plugin: &mut Echo) -> LogRecord {
    let record = plugin.log(is_of_a_panic).await;
    assert_eq!(record.level, tracing::Level::ERROR);
    assert_ne!(record.fields["location"], "");
    assert_ne!(record.fields["backtrace"], "");
    record
}
