//! The plugin inside a test: no process, and yet real calls, config rules and log records.

use cvtplugin::prelude::*;
use cvtplugin::testing::Harness;

use crate::Plugin;

fn harness() -> Harness<Plugin> {
    Harness::plugin::<Plugin>().config("base_url", "https://service.example.com")
}
// {{#registry}}

#[tokio::test]
async fn schema_is_found_by_its_id() -> Result<(), BoxError> {
    let plugin = harness().start().await?;
    let request = FetchSchemaRequest::new("example");
    let schema = plugin.fetch_schema(request).await?;
    assert_eq!(schema.resolved_version, "1.0.0");
    assert!(schema.spec.starts_with(b"{"));
    Ok(())
}

#[tokio::test]
async fn unknown_schema_is_not_found() -> Result<(), BoxError> {
    let plugin = harness().start().await?;
    let request = FetchSchemaRequest::new("unknown");
    let error = plugin.fetch_schema(request).await.unwrap_err();
    assert_eq!(error.code(), Code::NotFound);
    Ok(())
}

#[tokio::test]
async fn usage_of_a_schema_is_posted() -> Result<(), BoxError> {
    let plugin = harness().start().await?;
    let usage = RegisterConsumerUsageRequest::new("web", "example", "1.0.0");
    plugin.register_consumer_usage(usage).await?;
    let captured = plugin.captured();
    let record = captured.log(|record| record.message == "posted").await;
    assert_eq!(record.fields["text"], "web uses example");
    Ok(())
}
// {{/registry}}
// {{#events}}

#[tokio::test]
async fn breaking_change_is_posted() -> Result<(), BoxError> {
    let plugin = harness().start().await?;
    let change = BreakingChangeDetectedRequest::new("example", "1.0.0", "2.0.0");
    plugin.on_breaking_change_detected(change).await?;
    let captured = plugin.captured();
    let record = captured.log(|record| record.message == "posted").await;
    let expected = "example 2.0.0 breaks consumers of 1.0.0";
    assert_eq!(record.fields["text"], expected);
    Ok(())
}

#[tokio::test]
async fn failed_validation_is_posted() -> Result<(), BoxError> {
    let plugin = harness().start().await?;
    let failure = ValidationFailedRequest::new("example", "GET", "/hello");
    plugin.on_validation_failed(failure).await?;
    let captured = plugin.captured();
    let record = captured.log(|record| record.message == "posted").await;
    let expected = "GET /hello does not match example";
    assert_eq!(record.fields["text"], expected);
    Ok(())
}
// {{/events}}

#[tokio::test]
async fn invalid_value_is_refused_at_its_key() {
    let refused = harness().config("timeout", "long").start().await;
    let error = refused.unwrap_err().to_string();
    assert!(error.contains("timeout"), "{error}");
}

#[tokio::test]
async fn missing_key_is_named_by_the_first_call() -> Result<(), BoxError> {
    let plugin = Harness::plugin::<Plugin>().start().await?;
    // {{#registry}}
    let request = FetchSchemaRequest::new("example");
    let error = plugin.fetch_schema(request).await.unwrap_err();
    // {{/registry}}
    // {{^registry}}
    let failure = ValidationFailedRequest::new("example", "GET", "/hello");
    let error = plugin.on_validation_failed(failure).await.unwrap_err();
    // {{/registry}}
    assert_eq!(error.code(), Code::FailedPrecondition);
    assert!(error.message().contains("base_url"), "{error}");
    Ok(())
}
