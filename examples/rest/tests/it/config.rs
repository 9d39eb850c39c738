//! Config that is missing, wrong, or changes.

use cvtplugin::host::LaunchError;
use cvtplugin::prelude::*;

use crate::plugin::{TOKEN, fetch, fetch_error, register, rest, rest_of};
use cvtplugin_http::testing::HttpServer;

/// What the plugin says about a value of `key`.
async fn refusal(key: &str, value: &str) -> Error {
    let host = rest().config(key, value);
    match host.launch().await.expect_err("refused") {
        LaunchError::SetConfig {
            key: refused,
            error,
        } => {
            assert_eq!(refused, key);
            error
        }
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn base_url_that_is_missing_fails_every_call() {
    for host in [rest(), rest().config("base_url", "")] {
        let host = host.config("token", TOKEN);
        let plugin = host.launch().await.expect("launched");
        for error in [
            fetch_error(&plugin, "petstore").await,
            register(&plugin).await.expect_err("no registry"),
        ] {
            assert_eq!(error.code(), Code::FailedPrecondition);
            let message = error.message();
            assert!(message.contains("`base_url`"), "{message}");
            assert!(
                message.contains("Base URL of the registry's API"),
                "{message}"
            );
            assert!(message.contains("~/.cvt/config.yaml"), "{message}");
        }
    }
}

#[tokio::test]
async fn base_url_that_is_malformed_is_refused_at_its_key() {
    for value in [
        "registry.example.com/api",
        "localhost:8080/api",
        "ftp://registry.example.com",
        "httpx://registry.example.com",
        "http://",
        "http://registry:port",
    ] {
        let error = refusal("base_url", value).await;
        assert_eq!(error.code(), Code::InvalidArgument);
        let message = error.message();
        for part in [
            &format!("{value:?}"),
            "expected a URL that begins with http:// or https://",
            "Base URL of the registry's API",
        ] {
            assert!(message.contains(part), "{message}");
        }
    }
}

#[tokio::test]
async fn token_that_fits_no_header_is_refused_unseen() {
    for value in ["s3cr3t\n", "s3cr3t\r\nX-Admin: yes", "s3cr3t\u{7f}"] {
        let error = refusal("token", value).await;
        assert_eq!(error.code(), Code::InvalidArgument);
        assert!(error.message().contains("Bearer token"), "{error}");
        assert!(!error.message().contains("s3cr3t"), "{error}");
    }
}

#[tokio::test]
async fn unknown_key_is_accepted() {
    let registry = HttpServer::responding(200, "{}").await;
    let host = rest().config("base_url", registry.url(""));
    let plugin = host
        .config("base-url", "x")
        .launch()
        .await
        .expect("launched");
    fetch(&plugin, "petstore").await.expect("a schema");
}

#[tokio::test]
async fn change_applies_to_the_next_call() {
    let old = HttpServer::responding(200, "{}").await;
    let new = HttpServer::responding(200, "{}").await;
    let plugin = rest_of(old.url("")).await;
    fetch(&plugin, "petstore").await.expect("a schema");
    plugin
        .set_config("base_url", new.url(""))
        .await
        .expect("accepted");
    plugin
        .set_config("token", "another")
        .await
        .expect("accepted");
    fetch(&plugin, "petstore").await.expect("a schema");
    assert_eq!(old.only().header("authorization"), None);
    assert_eq!(new.only().header("authorization"), Some("Bearer another"));
}
