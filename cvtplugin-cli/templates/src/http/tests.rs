//! The plugin inside a test: no process, and yet real calls, config rules and HTTP requests.

use cvtplugin::prelude::*;
use cvtplugin::testing::{Harness, TestPlugin};
use cvtplugin_http::testing::HttpServer;

use crate::Plugin;

/// The plugin, in front of this service.
async fn start(service: &HttpServer) -> Result<TestPlugin<Plugin>, BoxError> {
    let harness = Harness::plugin::<Plugin>().config("base_url", service.url("/api"));
    Ok(harness.config("token", "t0ken").start().await?)
}

/// The service has received this body at this path, with the token.
fn received(service: &HttpServer, path: &str, body: &str) {
    let request = service.only();
    assert_eq!(request.target, path);
    assert_eq!(request.header("authorization"), Some("Bearer t0ken"));
    assert_eq!(request.body, body);
}
// {{#registry}}

#[tokio::test]
async fn schema_is_fetched_by_its_id() -> Result<(), BoxError> {
    let service = HttpServer::responding(200, "{}").await;
    let plugin = start(&service).await?;
    let request = FetchSchemaRequest::new("an/example");
    assert_eq!(plugin.fetch_schema(request).await?.spec, "{}");
    received(&service, "/api/schemas/an%2Fexample", "");
    Ok(())
}

#[tokio::test]
async fn unknown_schema_is_not_found() -> Result<(), BoxError> {
    let service = HttpServer::responding(404, "").await;
    let plugin = start(&service).await?;
    let request = FetchSchemaRequest::new("unknown");
    let error = plugin.fetch_schema(request).await.unwrap_err();
    assert_eq!(error.code(), Code::NotFound);
    Ok(())
}

#[tokio::test]
async fn usage_of_a_schema_is_posted() -> Result<(), BoxError> {
    let service = HttpServer::responding(204, "").await;
    let plugin = start(&service).await?;
    let usage = RegisterConsumerUsageRequest::new("web", "example", "1.0.0");
    plugin.register_consumer_usage(usage).await?;
    let body = r#"{"consumer":"web","schema":"example","version":"1.0.0"}"#;
    received(&service, "/api/consumers", body);
    Ok(())
}
// {{/registry}}
// {{#events}}

#[tokio::test]
async fn breaking_change_is_posted() -> Result<(), BoxError> {
    let service = HttpServer::responding(204, "").await;
    let plugin = start(&service).await?;
    let change = BreakingChangeDetectedRequest::new("example", "1.0.0", "2.0.0");
    plugin.on_breaking_change_detected(change).await?;
    let body = r#"{"new":"2.0.0","old":"1.0.0","schema":"example"}"#;
    received(&service, "/api/breaking-changes", body);
    Ok(())
}

#[tokio::test]
async fn failed_validation_is_posted() -> Result<(), BoxError> {
    let service = HttpServer::responding(204, "").await;
    let plugin = start(&service).await?;
    let failure = ValidationFailedRequest::new("example", "GET", "/hello");
    plugin.on_validation_failed(failure).await?;
    let body = r#"{"method":"GET","path":"/hello","schema":"example"}"#;
    received(&service, "/api/failures", body);
    Ok(())
}

#[tokio::test]
async fn service_that_is_down_makes_calls_fail() -> Result<(), BoxError> {
    let service = HttpServer::responding(503, "").await;
    let plugin = start(&service).await?;
    let failure = ValidationFailedRequest::new("example", "GET", "/hello");
    let error = plugin.on_validation_failed(failure).await.unwrap_err();
    assert_eq!(error.code(), Code::Unavailable);
    Ok(())
}
// {{/events}}

#[tokio::test]
async fn invalid_value_is_refused_at_its_key() {
    let harness = Harness::plugin::<Plugin>().config("base_url", "nowhere");
    let error = harness.start().await.unwrap_err().to_string();
    assert!(error.contains("base_url"), "{error}");
}
