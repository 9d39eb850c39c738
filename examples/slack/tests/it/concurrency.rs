//! The same alert from many calls at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::task::JoinSet;

use cvtplugin_http::testing::HttpServer;

use crate::plugin::{change, reply, slack};

/// How many of 20 events at once are acknowledged, by a Slack that refuses the first `failures`.
async fn acknowledged(failures: usize, outbox: Option<&str>) -> (usize, HttpServer) {
    let posts = Arc::new(AtomicUsize::new(0));
    let server = HttpServer::start(move |_, _| {
        Some(reply(posts.fetch_add(1, Ordering::SeqCst) >= failures))
    })
    .await;
    let host = slack(&server).config("outbox", outbox.unwrap_or_default());
    let plugin = Arc::new(host.launch().await.expect("launched"));
    let mut calls = JoinSet::new();
    for _ in 0..20 {
        let plugin = plugin.clone();
        calls.spawn(async move { plugin.on_breaking_change_detected(change("pets")).await });
    }
    let outcomes = calls.join_all().await;
    (outcomes.iter().filter(|it| it.is_ok()).count(), server)
}

#[tokio::test]
async fn duplicates_are_posted_once() {
    let (acknowledged, server) = acknowledged(0, None).await;
    assert_eq!(acknowledged, 20);
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn duplicates_of_a_failed_alert_are_posted_until_one_is_accepted() {
    // Each call posts twice: after a 500, once more.
    let (acknowledged, server) = acknowledged(4, None).await;
    assert_eq!(acknowledged, 18);
    assert_eq!(server.received().len(), 5);
}

#[tokio::test]
async fn duplicates_are_kept_once_too() {
    let directory = tempfile::tempdir().expect("a directory");
    let outbox = directory.path().join("outbox");
    let (acknowledged, server) = acknowledged(4, outbox.to_str()).await;
    assert!(acknowledged >= 18, "{acknowledged}");
    assert_eq!(server.received().len(), 5);
    assert_eq!(std::fs::read(outbox).expect("a file"), b"");
}
