//! Files that cannot be used: the right code, a message that says what to do, and nothing lost.

use std::fs;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::time::Duration;

use cvtplugin::host::RunningPlugin;
use cvtplugin::prelude::*;
use rusqlite::Connection;
use serde_json::json;

use crate::registry::{Registry, document};
use crate::usage::{reading, register};

async fn refused(plugin: &RunningPlugin) -> Error {
    register(plugin, reading("refused", &[]))
        .await
        .expect_err("it cannot be written")
}

#[track_caller]
fn assert_says(error: &Error, code: Code, advice: &str) {
    assert_eq!(error.code(), code, "{error}");
    assert!(error.message().contains("registry.db"), "{error}");
    assert!(error.message().contains(advice), "{error}");
}

#[tokio::test]
async fn locked_registry_is_unavailable_until_the_lock_goes() {
    let registry = Registry::new();
    let plugin = registry
        .host()
        .config("busy_timeout", "50ms")
        .launch()
        .await;
    let plugin = plugin.expect("the plugin launches");
    register(&plugin, reading("before", &["name"]))
        .await
        .expect("it is taken");
    let other = Connection::open(registry.database()).expect("the registry");
    other.execute_batch("BEGIN IMMEDIATE").expect("a lock");
    assert_says(
        &refused(&plugin).await,
        Code::Unavailable,
        "locked by another process for 50ms",
    );
    // Reading goes on.
    assert_eq!(
        registry
            .json(&["consumers", "pets"])
            .as_array()
            .map(Vec::len),
        Some(1)
    );
    other.execute_batch("ROLLBACK").expect("no lock");
    register(&plugin, reading("after", &["name"]))
        .await
        .expect("it is taken");
    assert_eq!(
        registry
            .json(&["consumers", "pets"])
            .as_array()
            .map(Vec::len),
        Some(2)
    );
}

#[tokio::test]
async fn writes_wait_for_a_lock_that_goes_in_time() {
    let registry = Registry::new();
    let plugin = registry
        .host()
        .call_timeout(Duration::from_secs(60))
        .config("busy_timeout", "60s");
    let plugin = plugin.launch().await.expect("the plugin launches");
    register(&plugin, reading("before", &[]))
        .await
        .expect("it is taken");
    let other = Connection::open(registry.database()).expect("the registry");
    other.execute_batch("BEGIN IMMEDIATE").expect("a lock");
    let waiting = register(&plugin, reading("waiting", &[]));
    let unlock = async { other.execute_batch("ROLLBACK").expect("no lock") };
    let (written, ()) = tokio::join!(waiting, unlock);
    written.expect("it is taken");
}

#[tokio::test]
async fn corrupt_registry_is_data_loss() {
    let registry = Registry::new();
    registry.import(
        "pets",
        "1.0.0",
        &document(&json!({ "summary": "x".repeat(100_000) })),
    );
    // What is before the first page's end is left alone: it is a database still.
    let mut file = fs::OpenOptions::new()
        .write(true)
        .open(registry.database())
        .expect("the file");
    file.seek(SeekFrom::Start(4096)).expect("a place");
    file.write_all(&vec![0x5a; 100_000]).expect("garbage");
    let plugin = registry.launch().await;
    assert_says(
        &refused(&plugin).await,
        Code::DataLoss,
        "restore it from a backup",
    );
    let error = plugin.fetch_schema(FetchSchemaRequest::new("pets")).await;
    assert_says(
        &error.expect_err("it cannot be read"),
        Code::DataLoss,
        "restore it from a backup",
    );
    let outcome = registry.run(&["impact", "pets", "--from", "1.0.0", "--to", "2.0.0"]);
    assert_eq!(outcome.code, 2, "{outcome:?}");
}

#[tokio::test]
async fn files_that_are_no_registry_are_left_alone() {
    let registry = Registry::new();
    let other = Connection::open(registry.database()).expect("a database");
    other
        .execute_batch("CREATE TABLE theirs (x)")
        .expect("a table");
    drop(other);
    let before = fs::read(registry.database()).expect("the file");
    let plugin = registry.launch().await;
    assert_says(
        &refused(&plugin).await,
        Code::FailedPrecondition,
        "another program",
    );
    assert_eq!(fs::read(registry.database()).expect("the file"), before);

    registry.write("registry.db", &"no database at all\n".repeat(1000));
    assert_says(
        &refused(&plugin).await,
        Code::DataLoss,
        "not an intact SQLite database",
    );

    fs::remove_file(registry.database()).expect("the file");
    fs::create_dir(registry.database()).expect("a directory");
    assert_says(
        &refused(&plugin).await,
        Code::FailedPrecondition,
        "check the path",
    );

    // Once there is nothing in the way, the same plugin works.
    fs::remove_dir(registry.database()).expect("the directory");
    register(&plugin, reading("web", &[]))
        .await
        .expect("it is taken");
}

#[tokio::test]
async fn registry_of_a_later_version_is_left_alone() {
    let registry = Registry::new();
    registry.import("pets", "1.0.0", &document(&json!({})));
    let later = Connection::open(registry.database()).expect("the registry");
    later
        .execute_batch("PRAGMA user_version = 99")
        .expect("a layout");
    drop(later);
    let plugin = registry.launch().await;
    assert_says(
        &refused(&plugin).await,
        Code::FailedPrecondition,
        "its layout is 99, expected 1",
    );
}

#[tokio::test]
async fn deleted_registry_takes_no_writes_that_nobody_would_read() {
    let registry = Registry::new();
    let plugin = registry.launch().await;
    register(&plugin, reading("web", &[]))
        .await
        .expect("it is taken");
    fs::remove_file(registry.database()).expect("the file");
    assert_says(
        &refused(&plugin).await,
        Code::FailedPrecondition,
        "deleted or replaced",
    );
}
