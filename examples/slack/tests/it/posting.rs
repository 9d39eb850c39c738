//! What is posted: all that Slack's Go plugin does.

use cvtplugin::prelude::*;
use serde_json::json;

use crate::plugin::{PATH, accepting, body, change, launch, send, slack, text};

#[tokio::test]
async fn breaking_change_is_posted_once_with_every_change() {
    let server = accepting().await;
    let plugin = launch(&server).await;
    let event = change("pets").changes([
        BreakingChange::new("ENDPOINT_REMOVED", "the endpoint is gone")
            .method("GET")
            .path("/pets/{id}"),
        BreakingChange::new("TYPE_CHANGED", "name is a number"),
    ]);
    let response = plugin.on_breaking_change_detected(event).await;
    assert!(response.expect("accepted").acknowledged);
    let request = server.only();
    assert_eq!(request.target, PATH);
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(
        body(&request),
        json!({ "text":
            ":warning: Breaking changes in `pets`: 1.0.0 → 2.0.0\n\
             • *ENDPOINT_REMOVED* `GET /pets/{id}` the endpoint is gone\n\
             • *TYPE_CHANGED* name is a number"
        })
    );
    assert!(plugin.shutdown().await.expect("an exit").is_clean());
}

#[tokio::test]
async fn validation_failure_is_posted_once_with_every_error() {
    let server = accepting().await;
    let plugin = launch(&server).await;
    let event = ValidationFailedRequest::new("pets", "GET", "/pets/7").errors([
        ValidationError::new("type", "expected a string").field_path("$.name"),
        ValidationError::new("", "too <short>"),
    ]);
    let response = plugin.on_validation_failed(event).await;
    assert!(response.expect("accepted").acknowledged);
    assert_eq!(
        text(&server.only()),
        ":x: Validation failed: `pets` `GET /pets/7`\n\
         • *type* `$.name` expected a string\n\
         • too &lt;short&gt;"
    );
}

#[tokio::test]
async fn channel_is_in_the_json() {
    let server = accepting().await;
    let host = slack(&server).config("channel", "#contracts");
    let plugin = host.launch().await.expect("launched");
    send(&plugin, "pets").await.expect("accepted");
    assert_eq!(body(&server.only())["channel"], "#contracts");
}

#[tokio::test]
async fn channel_that_is_empty_is_left_out() {
    let server = accepting().await;
    let host = slack(&server).config("channel", "");
    let plugin = host.launch().await.expect("launched");
    send(&plugin, "pets").await.expect("accepted");
    assert_eq!(body(&server.only()).get("channel"), None);
}

#[tokio::test]
async fn long_text_says_what_is_left_out() {
    let server = accepting().await;
    let plugin = launch(&server).await;
    let description = "&".repeat(1_000);
    let changes = (0..500).map(|_| BreakingChange::new("KIND", &*description));
    let event = change("pets").changes(changes);
    let response = plugin.on_breaking_change_detected(event).await;
    assert!(response.expect("accepted").acknowledged);
    let text = text(&server.only());
    assert!(text.chars().count() <= 40_000);
    assert!(text.ends_with("more, left out here._"), "{text}");
}
