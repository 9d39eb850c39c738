//! Redirects: followed, but neither with the token to another origin, nor into a request that
//! says something else.

use cvtplugin::prelude::*;
use hyper::Method;

use crate::plugin::{fetch, fetch_error, register, rest_with_token};
use crate::registry::{Registry, answer, answer_with};

/// A registry that redirects every call once, to `location`, and answers there.
async fn redirecting(status: u16, location: impl Into<String>) -> Registry {
    let location = location.into();
    Registry::start(move |_, seen| {
        Some(if seen.target.starts_with("/elsewhere") {
            answer(200, "moved")
        } else {
            answer_with(status, "location", &location)
        })
    })
    .await
}

#[tokio::test]
async fn the_same_origin_gets_the_token() {
    for status in [301, 302, 303, 307, 308] {
        let registry = redirecting(status, "/elsewhere").await;
        let plugin = rest_with_token(registry.url("")).await;
        let schema = fetch(&plugin, "petstore").await.expect("a schema");
        assert_eq!(schema.spec, "moved");
        let seen = registry.seen();
        assert_eq!(seen.len(), 2);
        assert_eq!(seen[1].target, "/elsewhere");
        assert_eq!(seen[1].header("authorization"), Some("Bearer s3cr3t-t0ken"));
    }
}

#[tokio::test]
async fn another_port_gets_no_token() {
    for status in [301, 302, 303, 307, 308] {
        let other = Registry::start(|_, _| Some(answer(200, "moved"))).await;
        let registry = redirecting(status, other.url("/elsewhere")).await;
        let plugin = rest_with_token(registry.url("")).await;
        let schema = fetch(&plugin, "petstore").await.expect("a schema");
        assert_eq!(schema.spec, "moved");
        assert!(registry.only().header("authorization").is_some());
        assert_eq!(other.only().header("authorization"), None);
        assert!(!format!("{:?}", other.only()).contains("s3cr3t"));
    }
}

#[tokio::test]
async fn nobody_is_told_where_the_redirect_came_from() {
    let other = Registry::answering(200).await;
    let registry = redirecting(302, other.url("/elsewhere")).await;
    let plugin = rest_with_token(registry.url("/?key=s3cr3t")).await;
    fetch(&plugin, "petstore").await.expect("a schema");
    let target = "/schemas/petstore/versions/latest/spec?key=s3cr3t";
    assert_eq!(registry.only().target, target);
    assert_eq!(other.only().header("referer"), None);
    assert!(!format!("{:?}", other.only()).contains("s3cr3t"));
}

#[tokio::test]
async fn another_host_gets_no_token_even_to_try_again() {
    let registry = Registry::start(|number, seen| {
        let host = seen.header("host").expect("a host");
        Some(match number {
            0 => {
                let host = host.replace("127.0.0.1", "localhost");
                answer_with(302, "location", &format!("http://{host}/elsewhere"))
            }
            1 => answer(503, ""),
            _ => answer(200, "moved"),
        })
    })
    .await;
    let plugin = rest_with_token(registry.url("")).await;
    fetch(&plugin, "petstore").await.expect("a schema");
    let seen = registry.seen();
    assert_eq!(seen.len(), 3);
    for seen in &seen[1..] {
        let host = format!("localhost:{}", registry.port());
        assert_eq!(seen.header("host"), Some(host.as_str()));
        assert_eq!(seen.header("authorization"), None);
    }
}

#[tokio::test]
async fn a_usage_goes_on_whole_or_not_at_all() {
    for status in [307, 308] {
        let other = Registry::answering(200).await;
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
            message.contains(&format!("/schemas/petstore/consumers answered {status} ")),
            "{error}"
        );
        assert_eq!(registry.seen().len(), 1);
    }
}

#[tokio::test]
async fn a_circle_ends() {
    let registry =
        Registry::start(|_, seen| Some(answer_with(302, "location", &seen.target))).await;
    let plugin = rest_with_token(registry.url("")).await;
    let error = fetch_error(&plugin, "petstore").await;
    assert_eq!(error.code(), Code::Unavailable);
    assert!(error.message().contains("too many redirects"), "{error}");
}
