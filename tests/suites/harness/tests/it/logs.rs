//! What is logged is captured, of one plugin alone.

use std::sync::Arc;

use cvtplugin::prelude::*;
use cvtplugin::testing::{Capture, Harness};
use cvtplugin::{EventHandler, LogRecord, PluginInfo, Server};
use cvtplugin_harness_tests::without_macro;

use crate::calls::shelf;

#[tokio::test]
async fn records_have_their_fields_and_the_calls_they_belong_to() {
    let shelf = shelf().await;
    let event = ValidationFailedRequest::new("petstore", "GET", "/pets").request_id("r7");
    shelf.on_validation_failed(event).await.expect("a response");
    let record = shelf
        .captured()
        .log(|record| record.message == "heard")
        .await;
    assert_eq!(
        (&*record.module, record.level),
        ("shelf", tracing::Level::WARN)
    );
    assert_eq!(record.fields["schema"], "petstore");
    assert_eq!(record.fields["method"], "OnValidationFailed");
    assert_eq!(record.fields["request_id"], "r7");
}

#[tokio::test]
async fn plain_fn_logs() {
    let shelf = shelf().await;
    let usage = RegisterConsumerUsageRequest::new("web", "petstore", "1.0.0");
    shelf
        .register_consumer_usage(usage)
        .await
        .expect("a response");
    let record = shelf
        .captured()
        .log(|record| record.message == "registered")
        .await;
    assert_eq!(record.fields["consumer"], "web");
}

#[tokio::test]
async fn usage_not_found_is_a_warning() {
    let shelf = shelf().await;
    let usage = RegisterConsumerUsageRequest::new("stranger", "petstore", "1.0.0");
    let refused = shelf.register_consumer_usage(usage).await;
    refused.expect_err("nobody knows it");
    let is_warning = |record: &LogRecord| record.level == tracing::Level::WARN;
    let record = shelf.captured().log(is_warning).await;
    assert_eq!(record.message, "no such consumer");
    assert_eq!(record.fields["code"], "NotFound");
}

#[tokio::test]
async fn spec_that_cvt_passes_over_is_a_warning_once() {
    let shelf = shelf().await;
    for id in ["html", "openapi", "html", "log end"] {
        let fetched = shelf.fetch_schema(FetchSchemaRequest::new(id)).await;
        fetched.expect("a response");
    }
    let is_empty = |record: &LogRecord| record.message.contains("it is empty");
    shelf.captured().log(is_empty).await;
    let logs = shelf.captured().logs();
    let warnings = logs
        .iter()
        .filter(|record| record.level == tracing::Level::WARN);
    let warnings: Vec<_> = warnings.map(|record| record.message.as_str()).collect();
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(
        warnings[0].contains("schema \"html\": it is HTML"),
        "{warnings:?}"
    );
    assert!(warnings[1].contains("\"log end\""), "{warnings:?}");
}

#[tokio::test]
async fn panic_is_one_record() {
    let shelf = shelf().await;
    let panicked = shelf.fetch_schema(FetchSchemaRequest::new("panic")).await;
    panicked.expect_err("a panic is not a response");
    let record = shelf
        .captured()
        .log(|record| record.message.contains("panicked"))
        .await;
    assert!(record.message.contains("off the shelf"), "{record:?}");
    let location = record.fields["location"].as_str().expect("text");
    assert!(location.contains("src/lib.rs"), "{location}");
}

#[tokio::test]
async fn blocked_handler_is_warned_about_in_every_plugin() {
    for _ in 0..2 {
        let shelf = shelf().await;
        tokio::select! {
            blocked = shelf.fetch_schema(FetchSchemaRequest::new("block")) => panic!("{blocked:?}"),
            _ = shelf.captured().log(|record| record.message.contains("FetchSchema blocks")) => {}
        }
    }
}

#[tokio::test]
async fn records_of_other_plugins_are_not_captured() {
    let (shelf, bell) = (
        shelf().await,
        Harness::server(without_macro()).start().await,
    );
    let bell = bell.expect("it starts");
    shelf
        .fetch_schema(FetchSchemaRequest::new("log x"))
        .await
        .expect("a response");
    bell.on_validation_failed(ValidationFailedRequest::default())
        .await
        .expect("a response");
    let handled = |capture: &Capture, method: &'static str| {
        let capture = capture.clone();
        async move {
            capture.log(|record| record.message == "handled").await;
            capture
                .logs()
                .iter()
                .any(|record| record.fields.get("method").is_some_and(|of| of == method))
        }
    };
    assert!(handled(shelf.captured(), "FetchSchema").await);
    assert!(!handled(bell.captured(), "FetchSchema").await);
}

struct Old;

impl EventHandler for Old {
    async fn on_validation_failed(
        &self,
        _: Context,
        _: ValidationFailedRequest,
    ) -> Result<EventResponse> {
        log::warn!("by the old crate");
        Ok(EventResponse::new(true))
    }
}

#[tokio::test]
async fn log_crate_is_captured() {
    let server = Server::new(PluginInfo::new("old", "0.1.0")).events(Arc::new(Old));
    let old = Harness::server(server).start().await.expect("it starts");
    old.on_validation_failed(ValidationFailedRequest::default())
        .await
        .expect("a response");
    let record = old
        .captured()
        .log(|record| record.message == "by the old crate")
        .await;
    assert_eq!(record.level, tracing::Level::WARN);
}
