//! Connections: kept, and through proxies.

use hyper::Method;

use crate::plugin::{TOKEN, fetch, fetch_error, register, rest, rest_of};
use crate::registry::{Registry, answer, answer_with};

#[tokio::test]
async fn one_connection_serves_many_calls() {
    let registry = Registry::start(|_, _| Some(answer(200, "a body"))).await;
    let plugin = rest_of(registry.url("")).await;
    for _ in 0..5 {
        fetch(&plugin, "petstore").await.expect("a schema");
        register(&plugin).await.expect("registered");
    }
    assert_eq!(registry.seen().len(), 10);
    assert_eq!(registry.connections(), 1);
}

#[tokio::test]
async fn a_connection_that_the_registry_closed_is_replaced() {
    let registry = Registry::start(|_, _| Some(answer_with(200, "connection", "close"))).await;
    let plugin = rest_of(registry.url("")).await;
    for _ in 0..3 {
        register(&plugin).await.expect("registered");
    }
    assert_eq!(registry.seen().len(), 3);
    assert_eq!(registry.connections(), 3);
}

#[tokio::test]
async fn plain_requests_go_through_the_proxy_of_the_environment() {
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY"] {
        let proxy = Registry::answering(200).await;
        let host = rest().env(name, proxy.url(""));
        let host = host.config("base_url", "http://registry.invalid/api");
        let plugin = host.launch().await.expect("launched");
        fetch(&plugin, "petstore").await.expect("a schema");
        assert_eq!(
            proxy.only().target,
            "http://registry.invalid/api/schemas/petstore/versions/latest/spec"
        );
    }
}

#[tokio::test]
async fn encrypted_requests_tunnel_through_it() {
    let proxy = Registry::answering(502).await;
    let host = rest().env("HTTPS_PROXY", proxy.url(""));
    let host = host.config("base_url", "https://registry.invalid/api");
    let plugin = host
        .config("token", TOKEN)
        .launch()
        .await
        .expect("launched");
    fetch_error(&plugin, "petstore").await;
    for seen in proxy.seen() {
        assert_eq!(seen.method, Method::CONNECT);
        assert_eq!(seen.target, "registry.invalid:443");
        assert_eq!(seen.header("authorization"), None);
    }
    assert_eq!(proxy.seen().len(), 2);
}

#[tokio::test]
async fn some_registries_need_no_proxy() {
    let proxy = Registry::answering(500).await;
    let registry = Registry::answering(200).await;
    let host = rest().env("HTTP_PROXY", proxy.url(""));
    let host = host.env("NO_PROXY", "example.com,127.0.0.1");
    let host = host.config("base_url", registry.url(""));
    let plugin = host.launch().await.expect("launched");
    fetch(&plugin, "petstore").await.expect("a schema");
    assert_eq!(registry.seen().len(), 1);
    assert_eq!(proxy.connections(), 0);
}
