//! Config that is missing or wrong.

use cvtplugin::host::{Host, LaunchError};
use cvtplugin::prelude::*;

use crate::plugin::{SLACK, accepting, send, slack};

#[tokio::test]
async fn webhook_that_is_missing_fails_every_call() {
    for host in [Host::new(SLACK), Host::new(SLACK).config("webhook_url", "")] {
        let plugin = host.launch().await.expect("launched");
        let failed = ValidationFailedRequest::new("pets", "GET", "/pets");
        for error in [
            send(&plugin, "pets").await.expect_err("no webhook"),
            plugin
                .on_validation_failed(failed)
                .await
                .expect_err("no webhook"),
        ] {
            assert_eq!(error.code(), Code::FailedPrecondition);
            assert!(error.message().contains("`webhook_url`"), "{error}");
        }
    }
}

/// The error of the key that is refused.
async fn refusal(key: &str, value: &str) -> Error {
    let host = slack(&accepting().await).config(key, value);
    match host.launch().await.expect_err("refused") {
        LaunchError::SetConfig { key: at, error } if at == key => error,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn window_that_is_not_a_number_is_refused() {
    for value in ["abc", "-5", "1.5", "60s"] {
        let error = refusal("dedup_window_seconds", value).await;
        assert_eq!(error.code(), Code::InvalidArgument);
    }
}

#[tokio::test]
async fn window_that_is_a_number_is_taken() {
    for value in ["0", "120", "18446744073709551615"] {
        let server = accepting().await;
        let host = slack(&server).config("dedup_window_seconds", value);
        let plugin = host.launch().await.expect("launched");
        send(&plugin, "pets").await.expect("accepted");
        send(&plugin, "pets").await.expect("acknowledged");
        let posts = if value == "0" { 2 } else { 1 };
        assert_eq!(server.received().len(), posts);
    }
}

#[tokio::test]
async fn webhook_that_is_not_a_url_is_refused_unseen() {
    for value in ["hooks.slack.com/s3cr3t", "ftp://h/s3cr3t"] {
        let error = refusal("webhook_url", value).await;
        assert_eq!(error.code(), Code::InvalidArgument);
        assert!(!error.message().contains("s3cr3t"), "{error}");
    }
}

#[tokio::test]
async fn outbox_at_a_relative_path_is_refused() {
    let error = refusal("outbox", "slack-outbox").await;
    assert!(
        error.message().contains("expected an absolute path"),
        "{error}"
    );
}

#[tokio::test]
async fn outbox_that_cannot_be_opened_fails_every_call() {
    let directory = tempfile::tempdir().expect("a directory");
    for path in [
        directory.path(),
        &directory.path().join("no/such/directory"),
    ] {
        let server = accepting().await;
        let host = slack(&server).config("outbox", path.to_str().expect("text"));
        let plugin = host.launch().await.expect("launched");
        let error = send(&plugin, "pets").await.expect_err("no outbox");
        assert_eq!(error.code(), Code::FailedPrecondition);
        assert!(
            error.message().starts_with("cannot open the outbox "),
            "{error}"
        );
        assert!(server.received().is_empty());
    }
}

#[tokio::test]
async fn unknown_key_is_accepted() {
    let server = accepting().await;
    let host = slack(&server).config("colour", "red");
    let plugin = host.launch().await.expect("launched");
    send(&plugin, "pets").await.expect("accepted");
}

#[test]
fn stanza_of_the_readme_is_what_it_prints() {
    let mut command = std::process::Command::new(SLACK);
    let printed = command
        .arg("--config")
        .env_clear()
        .output()
        .expect("it runs");
    let stanza = format!(
        "```yaml\n{}```",
        String::from_utf8(printed.stdout).expect("text")
    );
    assert!(
        include_str!("../../README.md").contains(&stanza),
        "{stanza}"
    );
}
