//! The outbox: what could not be sent is kept, and sent later.

use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::Duration;

use cvtplugin::host::{Capture, Host, Request, RunningPlugin};
use cvtplugin::prelude::*;
use cvtplugin_http::testing::{HttpServer, respond_with};
use tempfile::TempDir;

use crate::plugin::{accepting, change, send, slack, switched, text, texts};

fn with_outbox(server: &HttpServer, path: &Path) -> Host {
    slack(server).config("outbox", path.to_str().expect("text"))
}

async fn launch(server: &HttpServer, directory: &TempDir) -> RunningPlugin {
    let host = with_outbox(server, &directory.path().join("outbox"));
    host.launch().await.expect("launched")
}

fn directory() -> TempDir {
    tempfile::tempdir().expect("a directory")
}

/// Asks the plugin to end, and waits for that.
async fn end(plugin: RunningPlugin) {
    assert!(plugin.shutdown().await.expect("an exit").is_clean());
}

/// The outbox of a plugin that could not send an alert about each of these.
async fn kept(schemas: &[&str]) -> TempDir {
    let directory = directory();
    let server = HttpServer::responding(500, "").await;
    let plugin = launch(&server, &directory).await;
    for schema in schemas {
        let error = send(&plugin, schema).await.expect_err("not accepted");
        assert_eq!(error.code(), Code::Unavailable);
        let kept = "the alert is kept in the outbox and will be sent later: 127.0.0.1:";
        assert!(error.message().starts_with(kept), "{error}");
    }
    end(plugin).await;
    directory
}

#[tokio::test]
async fn alert_that_is_accepted_is_not_kept() {
    let (server, directory) = (accepting().await, directory());
    let plugin = launch(&server, &directory).await;
    send(&plugin, "pets").await.expect("accepted");
    send(&plugin, "shops").await.expect("accepted");
    let outbox = std::fs::read(directory.path().join("outbox"));
    assert_eq!(outbox.expect("a file"), b"");
    end(plugin).await;
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn alert_that_is_not_accepted_is_sent_by_the_next_process() {
    let directory = kept(&["pets", "shops"]).await;
    let server = accepting().await;
    let plugin = launch(&server, &directory).await;
    // No call is needed for that.
    server.wait_for(2).await;
    end(plugin).await;
    for (text, schema) in texts(&server).iter().zip(["pets", "shops"]) {
        let header = format!(":warning: Breaking changes in `{schema}`: 1.0.0 → 2.0.0\n");
        assert!(text.starts_with(&header), "{text}");
        assert!(!text.contains("repeat"), "{text}");
    }
    let outbox = std::fs::read(directory.path().join("outbox"));
    assert_eq!(outbox.expect("a file"), b"");
}

#[tokio::test]
async fn alert_that_is_not_accepted_is_sent_as_soon_as_slack_is_back() {
    let ((server, accepts), directory) = (switched().await, directory());
    let plugin = launch(&server, &directory).await;
    send(&plugin, "pets").await.expect_err("not accepted");
    let failed = server.received().len();
    accepts.store(true, Ordering::SeqCst);
    let received = server.wait_for(failed + 1).await;
    assert!(text(&received[failed]).contains("`pets`"));
    // It counts as posted now.
    send(&plugin, "pets").await.expect("acknowledged");
    end(plugin).await;
    assert_eq!(server.received().len(), failed + 1);
}

#[tokio::test]
async fn alert_that_is_kept_is_not_kept_twice() {
    let ((server, accepts), directory) = (switched().await, directory());
    let plugin = launch(&server, &directory).await;
    for _ in 0..3 {
        send(&plugin, "pets").await.expect_err("not accepted");
    }
    let failed = server.received().len();
    accepts.store(true, Ordering::SeqCst);
    send(&plugin, "pets").await.expect("accepted");
    end(plugin).await;
    let accepted = server.received().len() - failed;
    assert_eq!(accepted, 1);
}

#[tokio::test]
async fn busy_slack_gets_the_alert_later() {
    let directory = directory();
    let busy = |_, _: &_| Some(respond_with(429, [("retry-after", "3600")], "rate_limited"));
    let server = HttpServer::start(busy).await;
    let plugin = launch(&server, &directory).await;
    let error = send(&plugin, "pets").await.expect_err("busy");
    assert_eq!(error.code(), Code::ResourceExhausted);
    end(plugin).await;
    let server = accepting().await;
    let plugin = launch(&server, &directory).await;
    send(&plugin, "shops").await.expect("accepted");
    server.wait_for(2).await;
    end(plugin).await;
    assert!(texts(&server).iter().all(|text| !text.contains("repeat")));
}

#[tokio::test]
async fn alert_whose_fate_is_unknown_is_marked_as_a_possible_repeat() {
    let directory = directory();
    let server = HttpServer::start(|_, _| None).await;
    let plugin = launch(&server, &directory).await;
    let request = Request::new(change("pets")).timeout(Duration::from_secs(60));
    tokio::select! {
        sent = plugin.on_breaking_change_detected(request) => panic!("{sent:?}"),
        _ = server.wait_for(1) => {}
    }
    assert!(plugin.kill().await.is_ok());
    let server = accepting().await;
    let plugin = launch(&server, &directory).await;
    send(&plugin, "shops").await.expect("accepted");
    server.wait_for(2).await;
    end(plugin).await;
    let marked = |text: &String| text.ends_with("\n_This may be a repeat._");
    for text in texts(&server) {
        assert_eq!(marked(&text), text.contains("`pets`"), "{text}");
    }
}

#[tokio::test]
async fn path_is_shared_by_two_processes() {
    let directory = directory();
    let down = HttpServer::responding(500, "").await;
    let first = launch(&down, &directory).await;
    send(&first, "pets").await.expect_err("not accepted");
    let second = launch(&down, &directory).await;
    send(&second, "shops").await.expect_err("not accepted");
    end(second).await;
    end(first).await;
    let server = accepting().await;
    let third = launch(&server, &directory).await;
    send(&third, "dogs").await.expect("accepted");
    server.wait_for(3).await;
    end(third).await;
    let mut texts = texts(&server);
    texts.sort();
    for (text, schema) in texts.iter().zip(["dogs", "pets", "shops"]) {
        assert!(text.contains(&format!("`{schema}`")), "{text}");
    }
}

#[tokio::test]
async fn corrupt_outbox_loses_no_other_alert() {
    let directory = kept(&["pets"]).await;
    let path = directory.path().join("outbox");
    let good = std::fs::read(&path).expect("a file");
    let bad = b"\xff\xfe garbage\n{\"add\":";
    std::fs::write(&path, [bad, &good[..], bad].concat()).expect("written");
    let server = accepting().await;
    let captured = Capture::default();
    let host = with_outbox(&server, &path).capture(&captured);
    let plugin = host.launch().await.expect("launched");
    send(&plugin, "shops").await.expect("accepted");
    server.wait_for(2).await;
    end(plugin).await;
    let record = captured.log(|it| it.message.contains("damaged")).await;
    assert_eq!(record.level, tracing::Level::ERROR);
    let aside = std::fs::read(directory.path().join("outbox.corrupt"));
    assert!(aside.expect("a file").starts_with(b"\xff\xfe garbage\n"));
}

#[tokio::test]
async fn full_disk_keeps_no_alert_from_being_posted() {
    let directory = directory();
    // Files may not grow, and the signal for that is ignored: writing fails as on a full disk.
    let script = directory.path().join("cvt-plugin-slack");
    let plugin = crate::plugin::SLACK;
    let text = format!("#!/bin/sh\ntrap '' XFSZ\nulimit -f 0\nexec '{plugin}'\n");
    write_executable(&script, &text);
    let (server, accepts) = switched().await;
    let captured = Capture::default();
    let host = Host::new(&script)
        .config("webhook_url", server.url(crate::plugin::PATH))
        .config(
            "outbox",
            directory.path().join("outbox").to_str().expect("text"),
        )
        .capture(&captured);
    let plugin = host.launch().await.expect("launched");
    let error = send(&plugin, "pets").await.expect_err("not accepted");
    assert_eq!(error.code(), Code::Unavailable);
    let lost = "the alert is lost, the outbox cannot keep it (";
    assert!(error.message().starts_with(lost), "{error}");
    accepts.store(true, Ordering::SeqCst);
    send(&plugin, "pets").await.expect("accepted");
    end(plugin).await;
    captured
        .log(|it| it.message.starts_with("cannot keep an alert"))
        .await;
}

/// Written by a child, since this process may not execute what it has open for writing.
fn write_executable(path: &Path, text: &str) {
    let mut command = std::process::Command::new("sh");
    command.args([
        "-c",
        "printf %s \"$1\" > \"$2\" && chmod +x \"$2\"",
        "sh",
        text,
    ]);
    let status = command.arg(path).status().expect("a shell");
    assert!(status.success());
}

#[test]
fn files_are_for_the_user_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let directory = runtime.expect("a runtime").block_on(kept(&["pets"]));
    for entry in std::fs::read_dir(directory.path()).expect("a directory") {
        let entry = entry.expect("an entry");
        let mode = entry.metadata().expect("metadata").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{entry:?}");
    }
}
