//! Specs that are not fetched twice.

use cvtplugin::host::RunningPlugin;
use cvtplugin::prelude::*;
use cvtplugin_http::testing::{HttpServer, Received, Reply, respond, respond_with};

use crate::plugin::{fetch, fetch_error, rest_of};

const SPEC: &str = r#"{"openapi":"3.0.0","info":{"version":"1.0.0"}}"#;

type Headers = &'static [(&'static str, &'static str)];

const ETAG: Headers = &[("etag", "\"v1\"")];

/// A registry that sends its spec with these headers, and 304 to whoever has it.
async fn registry(headers: Headers) -> HttpServer {
    let respond = |_, request: &Received| {
        let is_known = request.header("if-none-match") == Some("\"v1\"");
        Some(if is_known {
            respond_with(304, headers.iter().copied(), "")
        } else {
            full(headers)
        })
    };
    HttpServer::start(respond).await
}

fn full(headers: &[(&str, &str)]) -> Reply {
    respond_with(200, headers.iter().copied(), SPEC)
}

async fn fetch_twice(plugin: &RunningPlugin) {
    let first = fetch(plugin, "petstore").await.expect("a schema");
    assert_eq!(first.spec, SPEC);
    assert_eq!(first.resolved_version, "1.0.0");
    let second = fetch(plugin, "petstore").await.expect("a schema");
    assert_eq!(second, first);
}

#[tokio::test]
async fn unchanged_spec_is_confirmed_by_its_etag() {
    for headers in [
        ETAG,
        &[("etag", "\"v1\""), ("cache-control", "no-cache")],
        &[
            ("etag", "\"v1\""),
            ("cache-control", "max-age=0, must-revalidate"),
        ],
        &[("etag", "\"v1\""), ("cache-control", "private")],
    ] {
        let registry = registry(headers).await;
        let plugin = rest_of(registry.url("")).await;
        fetch_twice(&plugin).await;
        fetch_twice(&plugin).await;
        let received = registry.received();
        let known = received.iter().map(|it| it.header("if-none-match"));
        let v1 = Some("\"v1\"");
        assert_eq!(known.collect::<Vec<_>>(), [None, v1, v1, v1]);
        for request in received {
            let accept = request.header("accept");
            assert_eq!(accept, Some("application/json, application/yaml, */*"));
        }
    }
}

#[tokio::test]
async fn unchanged_spec_is_confirmed_without_an_etag_in_the_304() {
    let registry = HttpServer::start(|number, _| {
        Some(if number == 0 {
            full(ETAG)
        } else {
            respond(304, "")
        })
    })
    .await;
    fetch_twice(&rest_of(registry.url("")).await).await;
    assert_eq!(registry.received().len(), 2);
}

#[tokio::test]
async fn unchanged_spec_is_confirmed_by_its_date() {
    const DATE: &str = "Thu, 26 Nov 2026 00:00:00 GMT";
    let registry = HttpServer::start(|_, request| {
        let is_known = request.header("if-modified-since") == Some(DATE);
        let headers = [("last-modified", DATE)];
        Some(if is_known {
            respond_with(304, headers, "")
        } else {
            full(&headers)
        })
    })
    .await;
    fetch_twice(&rest_of(registry.url("")).await).await;
    assert_eq!(registry.received().len(), 2);
}

#[tokio::test]
async fn fresh_spec_is_not_asked_for() {
    let registry = registry(&[("cache-control", "max-age=3600")]).await;
    let plugin = rest_of(registry.url("")).await;
    fetch_twice(&plugin).await;
    assert_eq!(registry.received().len(), 1);
    // Another version is another spec.
    let request = FetchSchemaRequest::new("petstore").version("2.0.0");
    let other = plugin.fetch_schema(request).await.expect("a schema");
    assert_eq!(other.resolved_version, "2.0.0");
    assert_eq!(registry.received().len(), 2);
}

#[tokio::test]
async fn changed_spec_replaces_the_old_one() {
    let registry = HttpServer::start(|number, _| {
        let headers = [("etag", format!("\"v{number}\""))];
        Some(respond_with(200, headers, format!(r#"{{"x":{number}}}"#)))
    })
    .await;
    let plugin = rest_of(registry.url("")).await;
    for number in 0..3 {
        let schema = fetch(&plugin, "petstore").await.expect("a schema");
        assert_eq!(schema.spec, format!(r#"{{"x":{number}}}"#));
    }
    let last = &registry.received()[2];
    assert_eq!(last.header("if-none-match"), Some("\"v1\""));
}

#[tokio::test]
async fn spec_that_may_not_be_kept_is_fetched_again() {
    const NO_STORE: Headers = &[("cache-control", "no-store, max-age=60"), ETAG[0]];
    for headers in [&[][..], NO_STORE] {
        let registry = HttpServer::start(move |_, _| Some(full(headers))).await;
        fetch_twice(&rest_of(registry.url("")).await).await;
        let received = registry.received();
        assert_eq!(received.len(), 2);
        assert_eq!(received[1].header("if-none-match"), None);
    }
}

#[tokio::test]
async fn not_modified_without_a_question_is_an_error() {
    let registry = HttpServer::responding(304, "").await;
    let plugin = rest_of(registry.url("")).await;
    let error = fetch_error(&plugin, "petstore").await;
    assert_eq!(error.code(), Code::Unavailable);
}

#[tokio::test]
async fn errors_are_not_kept() {
    let registry = HttpServer::start(|number, _| {
        let headers = [("cache-control", "max-age=3600")];
        Some(if number == 0 {
            respond_with(404, headers, "")
        } else {
            full(&headers)
        })
    })
    .await;
    let plugin = rest_of(registry.url("")).await;
    let error = fetch_error(&plugin, "petstore").await;
    assert_eq!(error.code(), Code::NotFound);
    fetch(&plugin, "petstore").await.expect("a schema");
}

#[tokio::test]
async fn many_specs_do_not_pile_up() {
    let registry = registry(&[("cache-control", "max-age=3600")]).await;
    let plugin = rest_of(registry.url("")).await;
    for number in 0..=256 {
        let id = number.to_string();
        fetch(&plugin, &id).await.expect("a schema");
    }
    fetch(&plugin, "256").await.expect("a schema");
    assert_eq!(registry.received().len(), 257, "the newest is kept");
    fetch(&plugin, "0").await.expect("a schema");
    assert_eq!(registry.received().len(), 258, "the oldest is not");
}
