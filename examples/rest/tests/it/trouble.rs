//! A registry that fails, is away, or never responds.

use std::net::TcpListener;
use std::time::Duration;

use cvtplugin::host::Request;
use cvtplugin::prelude::*;

use crate::plugin::{fetch, fetch_error, register, rest_of, usage};
use cvtplugin_http::testing::{HttpServer, respond, respond_with, stream};

#[tokio::test]
async fn failure_is_retried_once() {
    for status in [500, 502, 503] {
        let failing_first = move |number, _: &_| {
            let status = if number % 2 == 0 { status } else { 200 };
            Some(respond(status, "{}"))
        };
        let registry = HttpServer::start(failing_first).await;
        let plugin = rest_of(registry.url("")).await;
        let schema = fetch(&plugin, "petstore").await.expect("a schema");
        assert_eq!(schema.spec, "{}");
        register(&plugin).await.expect("registered");

        let seen = registry.received();
        assert_eq!(seen.len(), 4);
        assert_eq!(seen[0].target, seen[1].target);
        assert_eq!(seen[2].body, seen[3].body);
        assert!(!seen[3].body.is_empty());
    }
}

#[tokio::test]
async fn failure_of_the_second_try_is_final() {
    let registry = HttpServer::responding(503, "{}").await;
    let plugin = rest_of(registry.url("")).await;
    let error = fetch_error(&plugin, "petstore").await;
    assert_eq!(error.code(), Code::Unavailable);
    assert_eq!(registry.received().len(), 2);
    let error = register(&plugin).await.expect_err("it fails");
    assert_eq!(error.code(), Code::Unavailable);
    assert_eq!(registry.received().len(), 4);
}

#[tokio::test]
#[ignore = "slow: .ci/run runs it"]
async fn retries_have_no_budget() {
    let registry = HttpServer::responding(503, "{}").await;
    let plugin = rest_of(registry.url("")).await;
    for call in 1..=150 {
        fetch_error(&plugin, "petstore").await;
        assert_eq!(registry.received().len(), 2 * call);
    }
}

#[tokio::test]
async fn status_4xx_is_not_retried() {
    for status in [400, 404, 429] {
        let registry = HttpServer::responding(status, "{}").await;
        let plugin = rest_of(registry.url("")).await;
        fetch_error(&plugin, "petstore").await;
        register(&plugin).await.expect_err("refused");
        assert_eq!(registry.received().len(), 2, "{status}");
    }
}

#[tokio::test]
async fn broken_connection_is_retried_once() {
    let breaking_first = async |number, stream| (number != 0).then_some(stream);
    let registry = HttpServer::start_with(|_, _| Some(respond(200, "{}")), breaking_first).await;
    let plugin = rest_of(registry.url("")).await;
    let schema = fetch(&plugin, "petstore").await.expect("a schema");
    assert_eq!(schema.spec, "{}");
    assert_eq!(registry.connections(), 2);
}

#[tokio::test]
async fn broken_connection_of_the_second_try_is_final() {
    let breaking = async |_, stream| Some(stream).filter(|_| false);
    let registry = HttpServer::start_with(|_, _| None, breaking).await;
    let plugin = rest_of(registry.url("")).await;
    let error = register(&plugin).await.expect_err("it fails");
    assert_eq!(error.code(), Code::Unavailable);
    assert_eq!(registry.connections(), 2);
}

#[tokio::test]
async fn registry_that_is_down_is_unavailable() {
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.local_addr().expect("an address").port()
    };
    let plugin = rest_of(format!("http://127.0.0.1:{port}")).await;
    for error in [
        fetch_error(&plugin, "petstore").await,
        register(&plugin).await.expect_err("nobody there"),
    ] {
        assert_eq!(error.code(), Code::Unavailable);
        let message = error.message();
        assert!(
            message.starts_with(&format!("cannot reach 127.0.0.1:{port}: ")),
            "{error}"
        );
        assert!(message.contains("Connection refused"), "{error}");
    }
}

#[tokio::test]
async fn errors_show_no_password_and_no_query() {
    let registry = HttpServer::start(|number, _| {
        Some(match number {
            0 => respond(404, ""),
            _ => respond_with(
                302,
                [("location", "http://me:hunter2@127.0.0.1:1/?key=hunter2")],
                "{}",
            ),
        })
    })
    .await;
    let base_url = registry.url("/?key=hunter2");
    let plugin = rest_of(base_url.replace("http://", "http://me:hunter2@")).await;
    for code in [Code::NotFound, Code::Unavailable] {
        let error = fetch_error(&plugin, "petstore").await;
        assert_eq!(error.code(), code);
        assert!(!error.message().contains("hunter2"), "{error}");
    }
    let seen = &registry.received()[0];
    assert!(
        seen.header("authorization")
            .expect("one")
            .starts_with("Basic ")
    );
    assert!(seen.target.ends_with("/spec?key=hunter2"), "{seen:?}");
}

#[tokio::test]
async fn deadline_ends_a_call_without_a_response() {
    let registry = HttpServer::start(|_, _| None).await;
    let plugin = rest_of(registry.url("")).await;
    let request = Request::new(FetchSchemaRequest::new("petstore"));
    let request = request.timeout(Duration::from_secs(1));
    let error = plugin.fetch_schema(request).await.expect_err("too slow");
    assert_eq!(error.code(), Code::DeadlineExceeded);
    registry.given_up().await;
    assert!(plugin.shutdown().await.expect("an exit").is_clean());
}

#[tokio::test]
async fn deadline_covers_the_second_try() {
    let registry = HttpServer::start(|number, _| (number == 0).then(|| respond(503, ""))).await;
    let plugin = rest_of(registry.url("")).await;
    let request = Request::new(usage()).timeout(Duration::from_secs(2));
    let response = plugin.register_consumer_usage(request).await;
    assert_eq!(
        response.expect_err("too slow").code(),
        Code::DeadlineExceeded
    );
    registry.given_up().await;
    assert_eq!(registry.received().len(), 2);
}

#[tokio::test]
async fn spec_that_breaks_off_is_an_error() {
    let registry = HttpServer::start(|_, _| {
        let size = 1024 * 1024;
        let mut response = stream(size).0;
        let announced = (size + 1).into();
        response.headers_mut().insert("content-length", announced);
        Some(response)
    })
    .await;
    let plugin = rest_of(registry.url("")).await;
    let error = fetch_error(&plugin, "petstore").await;
    assert_eq!(error.code(), Code::Unavailable);
    assert!(error.message().contains(" broke off: "), "{error}");
}
