//! What a registry may send as a spec, and what CVT gets of it.

use std::fmt::Write as _;

use cvtplugin::prelude::*;
use cvtplugin_http::testing::{HttpServer, respond, respond_with};
use serde_json::{Value, json};

use crate::plugin::{fetch, fetch_error, rest_of};

/// What CVT gets where a registry sends this body.
async fn fetched(body: &'static str) -> Result<FetchSchemaResponse> {
    let registry = HttpServer::responding(200, body).await;
    let plugin = rest_of(registry.url("")).await;
    fetch(&plugin, "petstore").await
}

#[tokio::test]
async fn json_stays_as_it_is() {
    for body in [
        " {\"openapi\" : \"3.0.0\",\n \"paths\":{}, \"x\": 1.10 } \n",
        "{\"paths\":{\"/p\u{e9}ts\":{}}}",
        "{}",
    ] {
        assert_eq!(fetched(body).await.expect("a schema").spec, body);
    }
}

#[tokio::test]
async fn yaml_becomes_json() {
    let yaml = "
openapi: 3.0.3
info:
  title: 'Pets'
  version: 1.2.3
x-shared: &ok
  description: |
    fine
paths:
  /pets/{id}:
    get:
      responses:
        200: *ok
        default: {<<: *ok, x-empty: ~, x-list: [1, 2.5, true, 'on']}
";
    let schema = fetched(yaml).await.expect("a schema");
    let spec: Value = serde_json::from_slice(&schema.spec).expect("JSON");
    let ok = json!({ "description": "fine\n" });
    let list = json!([1, 2.5, true, "on"]);
    let default = json!({ "description": "fine\n", "x-empty": null, "x-list": list });
    assert_eq!(
        spec,
        json!({
            "openapi": "3.0.3",
            "info": { "title": "Pets", "version": "1.2.3" },
            "x-shared": ok,
            "paths": { "/pets/{id}": { "get": { "responses": { "200": ok, "default": default } } } },
        })
    );
    assert_eq!(schema.resolved_version, "1.2.3");
}

#[tokio::test]
async fn yaml_version_is_text_as_written() {
    let schema = fetched("openapi: 3.0.0\ninfo: {version: 1.10}\n").await;
    let schema = schema.expect("a schema");
    let spec: Value = serde_json::from_slice(&schema.spec).expect("JSON");
    assert_eq!(spec["info"]["version"], "1.10");
    assert_eq!(schema.resolved_version, "1.10");
}

#[tokio::test]
async fn version_is_that_of_the_document_only_where_nobody_else_names_one() {
    for (requested, header, resolved) in [
        ("", None, "7.7.7"),
        ("", Some("3.0.0"), "3.0.0"),
        ("2.0.0", None, "2.0.0"),
        ("2.0.0", Some("3.0.0"), "3.0.0"),
    ] {
        for body in [
            r#"{"openapi":"3.0.0","info":{"version":"7.7.7"}}"#,
            "swagger: '2.0'\ninfo:\n  version: 7.7.7\n",
        ] {
            let headers = header.map(|version| ("x-schema-version", version));
            let respond = move |_, _: &_| Some(respond_with(200, headers, body));
            let registry = HttpServer::start(respond).await;
            let plugin = rest_of(registry.url("")).await;
            let request = FetchSchemaRequest::new("petstore").version(requested);
            let schema = plugin.fetch_schema(request).await.expect("a schema");
            assert_eq!(schema.resolved_version, resolved, "{header:?} {body}");
        }
    }
}

#[tokio::test]
async fn document_without_a_version_is_the_latest() {
    for body in [
        "{}",
        r#"{"info":null}"#,
        r#"{"info":{"version":2}}"#,
        "openapi: 3.0.0",
    ] {
        let schema = fetched(body).await.expect("a schema");
        assert_eq!(schema.resolved_version, "latest", "{body}");
    }
}

#[tokio::test]
async fn garbage_is_no_spec() {
    for body in [
        "<!DOCTYPE html><html><body>Log in</body></html>",
        "404 page not found",
        "error: no database",
        "[]",
        "\"openapi\"",
        "{\"openapi\": \"3.0.0\"",
        "{\"openapi\": \"3.0.0\"} {",
        "openapi: 3.0.0\n\tpaths: {}",
        "openapi: [",
        "\u{0}\u{1}\u{2}",
    ] {
        let error = fetched(body).await.expect_err("garbage");
        assert_eq!(error.code(), Code::Unavailable, "{body}");
        assert!(
            error.message().starts_with("the spec is neither "),
            "{error}"
        );
    }
}

#[tokio::test]
async fn garbage_that_is_not_text_is_refused() {
    let registry = HttpServer::start(|_, _| Some(respond(200, vec![0xff, 0xfe, 0, 0x80]))).await;
    let plugin = rest_of(registry.url("")).await;
    let error = fetch_error(&plugin, "petstore").await;
    assert_eq!(error.code(), Code::Unavailable);
}

#[tokio::test]
async fn yaml_that_expands_without_end_is_refused() {
    let mut bomb = "openapi: 3.0.0\na0: &a0 [x]\n".to_owned();
    for level in 1..12 {
        let ten = vec![format!("*a{}", level - 1); 10].join(",");
        writeln!(bomb, "a{level}: &a{level} [{ten}]").expect("memory");
    }
    let registry = HttpServer::start(move |_, _| Some(respond(200, bomb.clone()))).await;
    let plugin = rest_of(registry.url("")).await;
    let error = fetch_error(&plugin, "petstore").await;
    assert_eq!(error.code(), Code::Unavailable);
}

#[tokio::test]
async fn empty_body_is_no_spec() {
    for body in ["", " \n"] {
        let error = fetched(body).await.expect_err("nothing");
        assert_eq!(error.code(), Code::Unavailable);
        assert_eq!(error.message(), "the spec is empty");
    }
}

#[tokio::test]
async fn response_without_or_with_part_of_a_body_is_no_spec() {
    for (status, body) in [(204, ""), (205, ""), (206, "{}")] {
        let registry = HttpServer::responding(status, body).await;
        let plugin = rest_of(registry.url("")).await;
        let error = fetch_error(&plugin, "petstore").await;
        assert_eq!(error.code(), Code::Unavailable, "{status}");
        let responded = format!("responded {status} ");
        assert!(error.message().contains(&responded), "{error}");
    }
}
