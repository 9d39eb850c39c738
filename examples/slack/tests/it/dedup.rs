//! Repeats within the window are not posted.

use cvtplugin::prelude::*;
use cvtplugin_http::testing::{HttpServer, respond};

use crate::plugin::{accepting, change, launch, send, slack, switched, text, texts};

#[tokio::test]
async fn repeat_within_the_window_is_acknowledged_and_not_posted() {
    let server = accepting().await;
    let plugin = launch(&server).await;
    for _ in 0..3 {
        send(&plugin, "pets").await.expect("acknowledged");
    }
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn window_of_zero_posts_all() {
    let server = accepting().await;
    let host = slack(&server).config("dedup_window_seconds", "0");
    let plugin = host.launch().await.expect("launched");
    for _ in 0..3 {
        send(&plugin, "pets").await.expect("accepted");
    }
    let texts = texts(&server);
    assert_eq!(texts.len(), 3);
    assert_eq!(texts[0], texts[2]);
}

#[tokio::test]
async fn other_schemas_and_versions_are_posted() {
    let server = accepting().await;
    let plugin = launch(&server).await;
    let events = [
        change("pets"),
        change("shops"),
        change("pets").new_version("3.0.0"),
        change("pets").old_version("0.1.0"),
    ];
    for event in events {
        let response = plugin.on_breaking_change_detected(event).await;
        response.expect("accepted");
    }
    assert_eq!(server.received().len(), 4);
}

#[tokio::test]
async fn validation_failures_differ_by_endpoint_and_first_kind() {
    let server = accepting().await;
    let plugin = launch(&server).await;
    let event = |method: &str, path: &str, kind: &str, description: &str| {
        let error = ValidationError::new(kind, description);
        let second = ValidationError::new(description, description);
        ValidationFailedRequest::new("schema", method, path).errors([error, second])
    };
    let none = ValidationFailedRequest::new("schema", "GET", "/pets");
    let posted = [
        event("GET", "/pets", "type", "a"),
        event("PUT", "/pets", "type", "a"),
        event("GET", "/shops", "type", "a"),
        event("GET", "/pets", "required", "a"),
        none.clone(),
    ];
    let repeated = [event("GET", "/pets", "type", "b"), none];
    for event in posted.into_iter().chain(repeated) {
        plugin.on_validation_failed(event).await.expect("accepted");
    }
    assert_eq!(server.received().len(), 5);
}

#[tokio::test]
async fn alert_is_posted_again_after_the_window_with_a_summary() {
    let server = accepting().await;
    let host = slack(&server).config("dedup_window_seconds", "1");
    let plugin = host.launch().await.expect("launched");
    let mut repeats = 0;
    send(&plugin, "pets").await.expect("accepted");
    // However long that takes, the window ends.
    loop {
        send(&plugin, "pets").await.expect("acknowledged");
        if server.received().len() > 1 {
            break;
        }
        repeats += 1;
    }
    let texts = texts(&server);
    let summary = match repeats {
        0 => String::new(),
        1 => "\n_1 repeat of the last alert suppressed._".to_owned(),
        _ => format!("\n_{repeats} repeats of the last alert suppressed._"),
    };
    assert_eq!(texts[1], format!("{}{summary}", texts[0]));
}

#[tokio::test]
async fn alert_that_failed_is_no_repeat() {
    let (server, accepts) = switched().await;
    let plugin = launch(&server).await;
    send(&plugin, "pets").await.expect_err("not accepted");
    let failed = server.received().len();
    accepts.store(true, std::sync::atomic::Ordering::SeqCst);
    send(&plugin, "pets").await.expect("accepted");
    send(&plugin, "pets").await.expect("acknowledged");
    assert_eq!(server.received().len(), failed + 1);
}

#[tokio::test]
async fn repeats_that_nothing_mentioned_are_logged_at_the_end() {
    let server = HttpServer::start(|_, _| Some(respond(200, "ok"))).await;
    let captured = cvtplugin::host::Capture::default();
    let host = slack(&server).capture(&captured);
    let plugin = host.launch().await.expect("launched");
    for _ in 0..3 {
        send(&plugin, "pets").await.expect("acknowledged");
    }
    assert!(plugin.shutdown().await.expect("an exit").is_clean());
    let record = captured.log(|it| it.message.contains("not posted")).await;
    assert_eq!(record.fields["suppressed"], 2);
    assert!(!text(&server.only()).contains("suppressed"));
}
