//! A Slack that fails, is away, or is busy; and what must not be seen of it.

use std::net::TcpListener;
use std::time::Duration;

use cvtplugin::host::{Capture, Host, Request, StdStream};
use cvtplugin::prelude::*;
use cvtplugin_http::testing::{HttpServer, respond, respond_with, stream};

use crate::plugin::{PATH, SLACK, change, launch, send, slack};

#[tokio::test]
async fn status_has_its_code() {
    for (status, code) in [
        (429, Code::ResourceExhausted),
        (400, Code::Unavailable),
        (403, Code::Unavailable),
        (404, Code::Unavailable),
        (500, Code::Unavailable),
        (503, Code::Unavailable),
        (302, Code::Unavailable),
    ] {
        let server = HttpServer::responding(status, "no_service").await;
        let plugin = launch(&server).await;
        let error = send(&plugin, "pets").await.expect_err("not accepted");
        assert_eq!(error.code(), code, "{status}");
        let host = format!("127.0.0.1:{} responded {status} ", server.port());
        assert!(error.message().starts_with(&host), "{error}");
        assert!(error.message().ends_with(": no_service"), "{error}");
    }
}

#[tokio::test]
async fn failure_that_passes_is_made_up_for() {
    let server =
        HttpServer::start(|number, _| Some(respond(if number == 0 { 502 } else { 200 }, "")));
    let server = server.await;
    let plugin = launch(&server).await;
    send(&plugin, "pets").await.expect("accepted");
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn busy_slack_is_waited_for_within_the_deadline() {
    let server = HttpServer::start(|number, _| {
        let busy = respond_with(429, [("retry-after", "1")], "rate_limited");
        Some(if number < 2 { busy } else { respond(200, "ok") })
    })
    .await;
    let plugin = launch(&server).await;
    send(&plugin, "pets").await.expect("accepted");
    assert_eq!(server.received().len(), 3);
}

#[tokio::test]
async fn busy_slack_is_not_waited_for_past_the_deadline() {
    let busy = |_, _: &_| Some(respond_with(429, [("retry-after", "3600")], "rate_limited"));
    let server = HttpServer::start(busy).await;
    let plugin = launch(&server).await;
    let error = send(&plugin, "pets").await.expect_err("busy");
    assert_eq!(error.code(), Code::ResourceExhausted);
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn slack_that_is_away_is_unavailable() {
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.local_addr().expect("an address").port()
    };
    let host = Host::new(SLACK).config("webhook_url", format!("http://127.0.0.1:{port}{PATH}"));
    let plugin = host.launch().await.expect("launched");
    let error = send(&plugin, "pets").await.expect_err("away");
    assert_eq!(error.code(), Code::Unavailable);
    let host = format!("cannot reach 127.0.0.1:{port}: Connection refused");
    assert!(error.message().starts_with(&host), "{error}");
}

#[tokio::test]
async fn connection_that_breaks_is_unavailable_and_nothing_is_posted_twice() {
    let server = HttpServer::start_with(
        |_, _| None,
        async |_, stream| {
            drop(stream);
            None::<tokio::net::TcpStream>
        },
    )
    .await;
    let plugin = launch(&server).await;
    let error = send(&plugin, "pets").await.expect_err("broken");
    assert_eq!(error.code(), Code::Unavailable);
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn slack_that_never_responds_is_given_up_at_the_deadline() {
    let server = HttpServer::start(|_, _| None).await;
    let plugin = launch(&server).await;
    let request = Request::new(change("pets")).timeout(Duration::from_secs(1));
    let error = plugin
        .on_breaking_change_detected(request)
        .await
        .expect_err("too slow");
    assert_eq!(error.code(), Code::DeadlineExceeded);
    server.given_up().await;
    assert!(plugin.shutdown().await.expect("an exit").is_clean());
}

#[tokio::test]
async fn response_of_any_length_is_a_response() {
    for status in [200, 500] {
        let server = HttpServer::start(move |_, _| {
            let mut response = stream(60 * 1024 * 1024).0;
            *response.status_mut() = status.try_into().expect("a status");
            Some(response)
        })
        .await;
        let plugin = launch(&server).await;
        let sent = send(&plugin, "pets").await;
        assert_eq!(sent.is_ok(), status == 200);
    }
}

#[tokio::test]
async fn webhook_is_in_no_log_record_error_or_output() {
    let server = HttpServer::start(|_, request| Some(respond(404, request.target.clone()))).await;
    let captured = Capture::default();
    let loud = "trace,h2=trace,hyper=trace,hyper_util=trace,tonic=trace,tower=trace";
    let host = slack(&server)
        .env("CVT_PLUGIN_LOG", loud)
        .capture(&captured);
    let plugin = host.launch().await.expect("launched");
    let error = send(&plugin, "pets").await.expect_err("not accepted");
    assert!(plugin.shutdown().await.expect("an exit").is_clean());
    let mut lines = vec![format!("{error:?}")];
    lines.extend(captured.logs().iter().map(|record| format!("{record:?}")));
    lines.extend([StdStream::Stdout, StdStream::Stderr].map(|of| captured.output(of)));
    let leak = lines.iter().find(|line| line.contains("s3cr3t"));
    assert_eq!(leak, None);
}
