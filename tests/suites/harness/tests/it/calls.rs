//! Calls go the real way.

use std::time::Duration;

use cvtplugin::prelude::*;
use cvtplugin::protocol::{SERVICE_EVENTS_V1, SERVICE_REGISTRY_V1};
use cvtplugin::testing::{Harness, LaunchError, Request, TestPlugin, block_on};
use cvtplugin_harness_tests::{Eager, Shelf, ShelfConfig, without_macro};

pub(crate) fn shelf_of(spec: &str) -> ShelfConfig {
    ShelfConfig {
        spec: spec.to_owned(),
        times: 2,
        token: None,
    }
}

pub(crate) async fn shelf() -> TestPlugin<Shelf> {
    let shelf = Harness::configured::<Shelf>(shelf_of("{}"));
    shelf.start().await.expect("it starts")
}

#[tokio::test]
async fn every_rpc_has_a_response() -> Result<(), BoxError> {
    let shelf = shelf().await;
    let info = shelf.info();
    assert_eq!((&*info.name, &*info.version), ("shelf", "1.2.3"));
    assert_eq!(info.services, [SERVICE_REGISTRY_V1, SERVICE_EVENTS_V1]);

    let schema = shelf.fetch_schema(FetchSchemaRequest::new("id")).await?;
    assert_eq!(
        (&*schema.spec, &*schema.resolved_version),
        (&b"{}{}"[..], "id")
    );
    let usage = RegisterConsumerUsageRequest::new("web", "petstore", "1.0.0");
    assert!(shelf.register_consumer_usage(usage).await?.acknowledged);
    let event = ValidationFailedRequest::new("petstore", "GET", "/pets");
    assert!(shelf.on_validation_failed(event).await?.acknowledged);
    let event = BreakingChangeDetectedRequest::new("petstore", "1.0.0", "2.0.0");
    let opted_out = shelf.on_breaking_change_detected(event).await;
    assert_eq!(
        opted_out.expect_err("no method").code(),
        Code::Unimplemented
    );
    shelf.client().ping().await?;
    assert_eq!(shelf.health().await?, Health::NotServing);
    Ok(())
}

#[test]
fn runtime_is_not_needed() {
    block_on(async {
        let bell = Harness::server(without_macro())
            .start()
            .await
            .expect("it starts");
        let event = ValidationFailedRequest::default();
        let response = bell.on_validation_failed(event).await;
        assert!(response.expect("a response").acknowledged);
        bell.shutdown().await;
    });
}

#[tokio::test]
async fn metadata_arrives() {
    let shelf = shelf().await;
    let request = Request::new(FetchSchemaRequest::new("id ")).metadata("x-user", "me");
    let schema = shelf.fetch_schema(request).await.expect("a response");
    assert_eq!(schema.resolved_version, "id me");
}

#[tokio::test]
async fn expired_call_is_deadline_exceeded() {
    let shelf = shelf().await;
    let request = Request::new(FetchSchemaRequest::new("wait"));
    let expired = shelf.fetch_schema(request.timeout(Duration::from_millis(20)));
    let error = expired.await.expect_err("it waits for ever");
    assert_eq!(error.code(), Code::DeadlineExceeded);
    // The message of the plugin, not the client's.
    assert_eq!(
        error.message(),
        "deadline exceeded: the host allows 20ms (plugins.<name>.timeout in config.yaml)"
    );
}

#[tokio::test]
async fn dropped_call_is_cancelled() {
    let made = Shelf::new(shelf_of("{}")).await.expect("a shelf");
    let (begun, cancelled) = (made.begun.clone(), made.cancelled.clone());
    let shelf = Harness::instance(made).start().await.expect("it starts");
    tokio::select! {
        _ = shelf.fetch_schema(FetchSchemaRequest::new("wait")) => panic!("it waits for ever"),
        () = begun.notified() => {}
    }
    cancelled.notified().await;
    let record = shelf.captured().log(|record| record.message == "cancelled");
    assert_eq!(record.await.fields["method"], "FetchSchema");
}

#[tokio::test]
async fn panic_costs_its_own_call() {
    let shelf = shelf().await;
    let panicked = shelf.fetch_schema(FetchSchemaRequest::new("panic")).await;
    let error = panicked.expect_err("a panic is not a response");
    assert_eq!(error.code(), Code::Internal);
    assert!(!error.message().contains("off the shelf"), "{error}");
    shelf
        .fetch_schema(FetchSchemaRequest::new("id"))
        .await
        .expect("a response");
}

#[tokio::test]
async fn constructor_that_fails_keeps_the_plugin_from_starting() {
    let error = Harness::plugin::<Eager>()
        .start()
        .await
        .expect_err("no paper");
    let LaunchError::Info(error) = error else {
        panic!("{error:?}");
    };
    assert_eq!(error.message(), "no paper in the printer");
    assert_eq!(error.code(), Code::FailedPrecondition);
}

#[tokio::test]
async fn hundred_plugins_at_once_are_apart() {
    let shelves = (0..100).map(|n| async move {
        let config = shelf_of(&format!("{n} "));
        let shelf = Harness::configured::<Shelf>(config).start().await;
        let shelf = shelf.expect("it starts");
        let request = FetchSchemaRequest::new(format!("log {n}"));
        shelf.fetch_schema(request).await.expect("a response");
        let schema = shelf.fetch_schema(FetchSchemaRequest::new("id")).await;
        assert_eq!(schema.expect("a response").spec, format!("{n} {n} "));
        let captured = shelf.captured().clone();
        shelf.shutdown().await;
        let asked = captured
            .logs()
            .into_iter()
            .filter(|record| record.message == "asked");
        let asked: Vec<_> = asked.map(|record| record.fields["id"].clone()).collect();
        assert_eq!(asked, [format!("log {n}")]);
    });
    let mut running = tokio::task::JoinSet::new();
    shelves.for_each(|shelf| drop(running.spawn(shelf)));
    running.join_all().await;
}
