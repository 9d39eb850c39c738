//! Connections: kept, and through proxies.

use cvtplugin_http::Method;

use crate::plugin::{TOKEN, fetch, fetch_error, register, rest, rest_of};
use cvtplugin_http::testing::{HttpServer, respond, respond_with};

#[tokio::test]
async fn connection_serves_many_calls() {
    let registry = HttpServer::start(|_, _| Some(respond(200, "{}"))).await;
    let plugin = rest_of(registry.url("")).await;
    for _ in 0..5 {
        fetch(&plugin, "petstore").await.expect("a schema");
        register(&plugin).await.expect("registered");
    }
    assert_eq!(registry.received().len(), 10);
    assert_eq!(registry.connections(), 1);
}

#[tokio::test]
async fn connection_that_the_registry_closed_is_replaced() {
    let registry =
        HttpServer::start(|_, _| Some(respond_with(200, [("connection", "close")], "{}"))).await;
    let plugin = rest_of(registry.url("")).await;
    for _ in 0..3 {
        register(&plugin).await.expect("registered");
    }
    assert_eq!(registry.received().len(), 3);
    assert_eq!(registry.connections(), 3);
}

#[tokio::test]
async fn proxy_gets_plain_requests() {
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY"] {
        let proxy = HttpServer::responding(200, "{}").await;
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
async fn proxy_tunnels_encrypted_requests() {
    let proxy = HttpServer::responding(502, "{}").await;
    let host = rest().env("HTTPS_PROXY", proxy.url(""));
    let host = host.config("base_url", "https://registry.invalid/api");
    let plugin = host
        .config("token", TOKEN)
        .launch()
        .await
        .expect("launched");
    fetch_error(&plugin, "petstore").await;
    for seen in proxy.received() {
        assert_eq!(seen.method, Method::CONNECT);
        assert_eq!(seen.target, "registry.invalid:443");
        assert_eq!(seen.header("authorization"), None);
    }
    assert_eq!(proxy.received().len(), 2);
}

#[tokio::test]
async fn proxy_is_not_used_for_the_exceptions() {
    // Nothing has this name, so a request without the proxy goes nowhere.
    for exceptions in ["*", "*.invalid", ".invalid,x.org", "registry.invalid:80"] {
        let proxy = HttpServer::responding(500, "").await;
        let host = rest()
            .env("HTTP_PROXY", proxy.url(""))
            .env("NO_PROXY", exceptions)
            .config("base_url", "http://registry.invalid");
        let plugin = host.launch().await.expect("launched");
        let error = fetch_error(&plugin, "petstore").await;
        let message = error.message();
        assert!(
            message.starts_with("cannot reach registry.invalid: "),
            "{error}"
        );
        assert_eq!(proxy.connections(), 0);
    }
}

#[tokio::test]
async fn proxy_is_used_for_all_others() {
    for exceptions in [
        "",
        "registry.invalid:8080",
        "egistry.invalid",
        "*registry.invalid",
    ] {
        let proxy = HttpServer::responding(200, "{}").await;
        let host = rest()
            .env("HTTP_PROXY", proxy.url(""))
            .env("NO_PROXY", exceptions)
            .config("base_url", "http://registry.invalid");
        let plugin = host.launch().await.expect("launched");
        fetch(&plugin, "petstore").await.expect("a schema");
        assert_eq!(proxy.received().len(), 1, "{exceptions}");
    }
}

#[tokio::test]
async fn proxy_is_never_used_for_loopback() {
    let proxy = HttpServer::responding(500, "").await;
    let registry = HttpServer::responding(200, "{}").await;
    for host in ["127.0.0.1", "localhost"] {
        let host = rest()
            .env("ALL_PROXY", proxy.url(""))
            .config("base_url", format!("http://{host}:{}", registry.port()));
        let plugin = host.launch().await.expect("launched");
        fetch(&plugin, "petstore").await.expect("a schema");
    }
    assert_eq!(proxy.connections(), 0);
}
