//! Redirects: followed, but neither with the token to another origin, nor into a request that
//! says something else.

use cvtplugin::prelude::*;
use cvtplugin_http::Method;

use crate::plugin::{fetch, fetch_error, register, rest_with_token};
use cvtplugin_http::testing::{HttpServer, respond, respond_with};

const MOVED: &str = r#"{"moved":true}"#;

/// A registry that redirects every call once, to `location`, and responds there.
async fn redirecting(status: u16, location: impl Into<String>) -> HttpServer {
    let location = location.into();
    HttpServer::start(move |_, seen| {
        Some(if seen.target.starts_with("/elsewhere") {
            respond(200, MOVED)
        } else {
            respond_with(status, [("location", &location)], "{}")
        })
    })
    .await
}

#[tokio::test]
async fn same_origin_gets_the_token() {
    for status in [301, 302, 303, 307, 308] {
        let registry = redirecting(status, "/elsewhere").await;
        let plugin = rest_with_token(registry.url("")).await;
        let schema = fetch(&plugin, "petstore").await.expect("a schema");
        assert_eq!(schema.spec, MOVED);
        let seen = registry.received();
        assert_eq!(seen.len(), 2);
        assert_eq!(seen[1].target, "/elsewhere");
        assert_eq!(seen[1].header("authorization"), Some("Bearer s3cr3t-t0ken"));
    }
}

#[tokio::test]
async fn another_port_gets_no_token() {
    for status in [301, 302, 303, 307, 308] {
        let other = HttpServer::start(|_, _| Some(respond(200, MOVED))).await;
        let registry = redirecting(status, other.url("/elsewhere")).await;
        let plugin = rest_with_token(registry.url("")).await;
        let schema = fetch(&plugin, "petstore").await.expect("a schema");
        assert_eq!(schema.spec, MOVED);
        assert!(registry.only().header("authorization").is_some());
        assert_eq!(other.only().header("authorization"), None);
        assert!(!format!("{:?}", other.only()).contains("s3cr3t"));
    }
}

#[tokio::test]
async fn referer_is_not_sent() {
    let other = HttpServer::responding(200, "{}").await;
    let registry = redirecting(302, other.url("/elsewhere")).await;
    let plugin = rest_with_token(registry.url("/?key=s3cr3t")).await;
    fetch(&plugin, "petstore").await.expect("a schema");
    let target = "/schemas/petstore/versions/latest/spec?key=s3cr3t";
    assert_eq!(registry.only().target, target);
    assert_eq!(other.only().header("referer"), None);
    assert!(!format!("{:?}", other.only()).contains("s3cr3t"));
}

#[tokio::test]
async fn another_host_gets_no_token_even_at_the_second_try() {
    let registry = HttpServer::start(|number, request| {
        let host = request.header("host").expect("a host");
        let host = host.replace("127.0.0.1", "localhost");
        let elsewhere = format!("http://{host}/elsewhere");
        Some(match number {
            1 => respond(503, ""),
            3 => respond(200, MOVED),
            _ => respond_with(302, [("location", elsewhere)], ""),
        })
    })
    .await;
    let plugin = rest_with_token(registry.url("")).await;
    fetch(&plugin, "petstore").await.expect("a schema");
    let received = registry.received();
    assert_eq!(received.len(), 4);
    let hosts = ["127.0.0.1", "localhost", "127.0.0.1", "localhost"];
    for (request, host) in received.iter().zip(hosts) {
        let has_token = request.header("authorization").is_some();
        assert_eq!(has_token, host == "127.0.0.1");
        let host = format!("{host}:{}", registry.port());
        assert_eq!(request.header("host"), Some(host.as_str()));
    }
}

#[tokio::test]
async fn usage_is_redirected_whole_or_not_at_all() {
    for status in [307, 308] {
        let other = HttpServer::responding(200, "{}").await;
        let registry = redirecting(status, other.url("/elsewhere")).await;
        let plugin = rest_with_token(registry.url("")).await;
        register(&plugin).await.expect("registered");
        assert_eq!(other.only().method, Method::POST);
        assert_eq!(other.only().body, registry.only().body);
        assert_eq!(other.only().header("authorization"), None);
    }
    for status in [301, 302, 303] {
        let registry = redirecting(status, "/elsewhere").await;
        let plugin = rest_with_token(registry.url("")).await;
        let error = register(&plugin).await.expect_err("it would be a GET");
        assert_eq!(error.code(), Code::Unavailable);
        let message = error.message();
        assert!(
            message.contains(&format!("/schemas/petstore/consumers responded {status} ")),
            "{error}"
        );
        assert_eq!(registry.received().len(), 1);
    }
}

#[tokio::test]
async fn redirect_loop_ends() {
    let registry =
        HttpServer::start(|_, seen| Some(respond_with(302, [("location", &seen.target)], "{}")))
            .await;
    let plugin = rest_with_token(registry.url("")).await;
    let error = fetch_error(&plugin, "petstore").await;
    assert_eq!(error.code(), Code::Unavailable);
    assert!(error.message().contains("too many redirects"), "{error}");
}
