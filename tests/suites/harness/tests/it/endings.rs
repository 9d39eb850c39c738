//! How a plugin in a test ends.

use cvtplugin::LogRecord;
use cvtplugin::prelude::*;
use cvtplugin::testing::{Harness, TestPlugin};
use cvtplugin_harness_tests::Shelf;

use crate::calls::{shelf, shelf_of};

/// A shelf that has served a call.
async fn used_shelf() -> TestPlugin<Shelf> {
    let shelf = shelf().await;
    let schema = shelf.fetch_schema(FetchSchemaRequest::new("id")).await;
    schema.expect("a response");
    shelf
}

#[tokio::test]
async fn shutdown_has_run_when_the_plugin_has_ended() {
    let shelf = used_shelf().await;
    let captured = shelf.captured().clone();
    shelf.shutdown().await;
    let cleared = |record: &LogRecord| record.message == "cleared";
    assert!(captured.logs().iter().any(cleared), "{captured:?}");
}

#[tokio::test]
async fn calls_in_flight_get_responses_first() {
    let made = Shelf::new(shelf_of("{}")).await.expect("a shelf");
    let begun = made.begun.clone();
    let shelf = Harness::instance(made).start().await.expect("it starts");
    // What was cloned may be used while the plugin ends.
    let client = shelf.client().clone();
    let slow = async move { client.fetch_schema(FetchSchemaRequest::new("slow")).await };
    let end = async {
        begun.notified().await;
        shelf.shutdown().await;
    };
    let (schema, ()) = tokio::join!(slow, end);
    assert_eq!(schema.expect("a response").spec, "slow");
}

#[tokio::test]
async fn dropped_plugin_shuts_down() {
    let shelf = used_shelf().await;
    let captured = shelf.captured().clone();
    drop(shelf);
    captured.log(|record| record.message == "cleared").await;
}
