//! `RegisterConsumerUsage`: what is posted, and what becomes of the response.

use cvtplugin::prelude::*;
use cvtplugin_http::Method;
use serde_json::{Value, json};

use crate::plugin::{register, rest_of, rest_with_token, usage};
use cvtplugin_http::testing::HttpServer;

/// What is posted about `usage`.
async fn posted(usage: RegisterConsumerUsageRequest) -> Value {
    let registry = HttpServer::responding(201, "{}").await;
    let plugin = rest_of(registry.url("")).await;
    let response = plugin.register_consumer_usage(usage).await;
    assert!(response.expect("a response").acknowledged);
    serde_json::from_slice(&registry.only().body).expect("JSON")
}

#[tokio::test]
async fn request_is_as_the_registry_expects() {
    let registry = HttpServer::responding(204, "{}").await;
    let plugin = rest_with_token(registry.url("/api/v1/")).await;
    let usage = RegisterConsumerUsageRequest::new("web", "foo/bar", "1.0.0");
    let response = plugin.register_consumer_usage(usage).await;
    assert!(response.expect("a response").acknowledged);

    let seen = registry.only();
    assert_eq!(seen.method, Method::POST);
    assert_eq!(seen.target, "/api/v1/schemas/foo%2Fbar/consumers");
    assert_eq!(seen.header("content-type"), Some("application/json"));
    assert_eq!(seen.header("authorization"), Some("Bearer s3cr3t-t0ken"));
    assert!(plugin.shutdown().await.expect("an exit").is_clean());
}

#[tokio::test]
async fn body_has_all_of_a_usage() {
    let endpoints = [
        EndpointUsage::new("GET", "/pets/{id}").used_fields(["id", "name"]),
        EndpointUsage::new("POST", "/pets"),
    ];
    let usage = usage().environment("production").endpoints(endpoints);
    let usage = usage.request_id("r1");
    assert_eq!(
        posted(usage).await,
        json!({
            "consumerId": "web",
            "schemaVersion": "1.0.0",
            "environment": "production",
            "endpoints": [
                { "method": "GET", "path": "/pets/{id}", "usedFields": ["id", "name"] },
                { "method": "POST", "path": "/pets" },
            ],
        })
    );
}

#[tokio::test]
async fn body_lacks_what_is_empty_and_optional() {
    assert_eq!(
        posted(usage().schema_version("")).await,
        json!({ "consumerId": "web", "schemaVersion": "", "endpoints": [] })
    );
}

#[tokio::test]
async fn ids_that_are_empty_are_refused() {
    let registry = HttpServer::responding(200, "{}").await;
    let plugin = rest_of(registry.url("")).await;
    for (usage, message) in [
        (usage().schema_id(""), "schema_id is empty"),
        (usage().consumer_id(""), "consumer_id is empty"),
    ] {
        let response = plugin.register_consumer_usage(usage).await;
        let error = response.expect_err("no id");
        assert_eq!(error.code(), Code::InvalidArgument);
        assert_eq!(error.message(), message);
    }
    assert!(registry.received().is_empty());
}

#[tokio::test]
async fn status_has_its_code() {
    for (status, code) in [
        (400, Code::InvalidArgument),
        (404, Code::NotFound),
        (409, Code::InvalidArgument),
        (500, Code::Unavailable),
    ] {
        let registry = HttpServer::responding(status, "{}").await;
        let plugin = rest_of(registry.url("")).await;
        let error = register(&plugin).await.expect_err("refused");
        assert_eq!(error.code(), code, "{status}");
    }
}
