//! `FetchSchema`: what is asked of the registry, and what becomes of the response.

use std::io::Write as _;
use std::sync::Mutex;
use std::time::Duration;

use cvtplugin::prelude::*;
use cvtplugin_http::Method;
use flate2::{Compression, write::GzEncoder};

use crate::plugin::{fetch, fetch_error, rest, rest_of, rest_with_token};
use cvtplugin_http::testing::{HttpServer, Reply, respond, respond_with, stream};

const SPEC: &str = r#"{ "openapi": "3.0.0", "paths": {} }"#;

const LIMIT: u64 = 50 * 1024 * 1024;

#[tokio::test]
async fn request_is_as_the_registry_expects() {
    let registry = HttpServer::start(|_, _| Some(respond(200, SPEC))).await;
    let plugin = rest_with_token(registry.url("/api/v1")).await;
    let request = FetchSchemaRequest::new("petstore").version("2.1.0");
    let schema = plugin.fetch_schema(request).await.expect("a schema");
    assert_eq!(schema.spec, SPEC);
    assert_eq!(schema.resolved_version, "2.1.0");

    let seen = registry.only();
    assert_eq!(seen.method, Method::GET);
    assert_eq!(seen.target, "/api/v1/schemas/petstore/versions/2.1.0/spec");
    assert_eq!(
        seen.header("accept"),
        Some("application/json, application/yaml, */*")
    );
    assert_eq!(seen.header("authorization"), Some("Bearer s3cr3t-t0ken"));
    assert_eq!(seen.header("user-agent"), Some("cvt-plugin-rest/0.1.0"));
    assert!(plugin.shutdown().await.expect("an exit").is_clean());
}

#[tokio::test]
async fn version_is_the_registrys_or_else_the_requested_one() {
    for (requested, header, target, resolved) in [
        ("", Some("3.0.0"), "latest", "3.0.0"),
        ("", Some(""), "latest", "latest"),
        ("", None, "latest", "latest"),
        ("2.0.0", Some("2.0.1"), "2.0.0", "2.0.1"),
        ("2.0.0", None, "2.0.0", "2.0.0"),
    ] {
        let registry = HttpServer::start(move |_, _| {
            Some(match header {
                Some(version) => respond_with(200, [("x-schema-version", version)], "{}"),
                None => respond(200, "{}"),
            })
        })
        .await;
        let plugin = rest_of(registry.url("")).await;
        let request = FetchSchemaRequest::new("petstore").version(requested);
        let schema = plugin.fetch_schema(request).await.expect("a schema");
        assert_eq!(schema.resolved_version, resolved, "{requested} {header:?}");
        let target = format!("/schemas/petstore/versions/{target}/spec");
        assert_eq!(registry.only().target, target);
    }
}

#[tokio::test]
async fn id_is_one_segment_whatever_is_in_it() {
    let registry = HttpServer::responding(200, "{}").await;
    let plugin = rest_of(registry.url("")).await;
    let ids = [
        ("foo/bar", "foo%2Fbar"),
        ("a b", "a%20b"),
        ("100%", "100%25"),
        ("%2F", "%252F"),
        ("..%2F..", "..%252F.."),
        ("../admin", "..%2Fadmin"),
        ("a?b#c", "a%3Fb%23c"),
        ("a\\b", "a%5Cb"),
        ("über", "%C3%BCber"),
        ("...", "..."),
        ("a;b", "a%3Bb"),
        ("it's", "it%27s"),
        ("a\tb\nc\rd", "a%09b%0Ac%0Dd"),
        ("pet-store_1.0~x", "pet-store_1.0~x"),
    ];
    for (id, encoded) in ids {
        let request = FetchSchemaRequest::new(id).version(id);
        plugin.fetch_schema(request).await.expect("a schema");
        let target = registry.received().pop().expect("a request").target;
        assert_eq!(
            target,
            format!("/schemas/{encoded}/versions/{encoded}/spec")
        );
    }
}

#[tokio::test]
async fn id_that_no_url_can_carry_is_refused() {
    let registry = HttpServer::responding(200, "{}").await;
    let plugin = rest_of(registry.url("/api")).await;
    for id in [".", ".."] {
        for request in [
            FetchSchemaRequest::new(id),
            FetchSchemaRequest::new("petstore").version(id),
        ] {
            let error = plugin.fetch_schema(request).await.expect_err("no id");
            assert_eq!(error.code(), Code::InvalidArgument, "{id:?}: {error}");
        }
    }
    assert!(registry.received().is_empty());
}

#[tokio::test]
async fn id_that_is_empty_is_refused() {
    let registry = HttpServer::responding(200, "{}").await;
    let plugin = rest_of(registry.url("")).await;
    let error = fetch_error(&plugin, "").await;
    assert_eq!(error.code(), Code::InvalidArgument);
    assert_eq!(error.message(), "schema_id is empty");
    assert!(registry.received().is_empty());
}

#[tokio::test]
async fn base_url_may_end_in_a_slash() {
    let registry = HttpServer::responding(200, "{}").await;
    for (base, path) in [
        ("", ""),
        ("/", ""),
        ("/api/v1", "/api/v1"),
        ("/api/v1/", "/api/v1"),
        ("/a%20b", "/a%20b"),
    ] {
        let plugin = rest_of(registry.url(base)).await;
        fetch(&plugin, "petstore").await.expect("a schema");
        let target = registry.received().pop().expect("a request").target;
        assert_eq!(
            target,
            format!("{path}/schemas/petstore/versions/latest/spec")
        );
    }
}

#[tokio::test]
async fn status_has_its_code() {
    for (status, code) in [
        (400, Code::InvalidArgument),
        (401, Code::InvalidArgument),
        (403, Code::InvalidArgument),
        (404, Code::NotFound),
        (410, Code::InvalidArgument),
        (429, Code::InvalidArgument),
        (500, Code::Unavailable),
        (503, Code::Unavailable),
        (599, Code::Unavailable),
        (304, Code::Unavailable),
    ] {
        let registry = HttpServer::responding(status, "{}").await;
        let plugin = rest_of(registry.url("/api")).await;
        let error = fetch_error(&plugin, "petstore").await;
        assert_eq!(error.code(), code, "{status}");
        let place = registry.url("/api/schemas/petstore/versions/latest/spec");
        let place = place.strip_prefix("http://").expect("a URL");
        let message = format!("{place} responded {status}");
        assert!(error.message().starts_with(&message), "{error}");
    }
}

#[tokio::test]
async fn spec_in_gzip_is_decompressed() {
    let registry = HttpServer::start(|_, seen| {
        assert_eq!(seen.header("accept-encoding"), Some("gzip"));
        Some(compressed(SPEC.as_bytes(), "gzip"))
    })
    .await;
    let plugin = rest_of(registry.url("")).await;
    let schema = fetch(&plugin, "petstore").await.expect("a schema");
    assert_eq!(schema.spec, SPEC);
}

#[tokio::test]
async fn encoding_gzip_has_other_spellings() {
    for encoding in ["GZIP", "x-gzip", "X-Gzip"] {
        let respond = move |_, _: &_| Some(compressed(SPEC.as_bytes(), encoding));
        let registry = HttpServer::start(respond).await;
        let plugin = rest_of(registry.url("")).await;
        let schema = fetch(&plugin, "petstore").await.expect("a schema");
        assert_eq!(schema.spec, SPEC, "{encoding}");
    }
}

#[tokio::test]
async fn encoding_that_was_not_asked_for_is_an_error() {
    for encoding in ["br", "deflate", "zstd", "gzip, gzip", "utf-8"] {
        let headers = [("content-encoding", encoding)];
        let respond = move |_, _: &_| Some(respond_with(200, headers, SPEC));
        let registry = HttpServer::start(respond).await;
        let plugin = rest_of(registry.url("")).await;
        let error = fetch_error(&plugin, "petstore").await;
        assert_eq!(error.code(), Code::Unavailable, "{encoding}");
        assert!(error.message().contains(encoding), "{error}");
    }
}

#[tokio::test]
async fn spec_in_gzip_that_is_cut_is_an_error() {
    let registry = HttpServer::start(|_, _| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::none());
        encoder.write_all(SPEC.as_bytes()).expect("memory");
        let mut body = encoder.finish().expect("memory");
        body.truncate(body.len() - 9);
        Some(respond_with(200, [("content-encoding", "gzip")], body))
    })
    .await;
    let plugin = rest_of(registry.url("")).await;
    let error = fetch_error(&plugin, "petstore").await;
    assert_eq!(error.code(), Code::Unavailable);
    assert!(error.message().contains("gzip"), "{error}");
}

#[tokio::test]
async fn response_may_have_many_headers() {
    let names = (0..500).map(|number| format!("x-header-{number}"));
    let names: Vec<_> = names.collect();
    let registry = HttpServer::start(move |_, _| {
        let headers = names.iter().map(|name| (name.as_str(), "value"));
        Some(respond_with(200, headers, SPEC))
    })
    .await;
    let plugin = rest_of(registry.url("")).await;
    fetch(&plugin, "petstore").await.expect("a schema");
}

#[tokio::test]
async fn spec_of_the_largest_size_arrives_whole() {
    let registry = HttpServer::start(|_, _| Some(stream(LIMIT).0)).await;
    let host = rest().config("base_url", registry.url(""));
    let host = host.call_timeout(Duration::from_secs(60));
    let plugin = host.launch().await.expect("launched");
    let schema = fetch(&plugin, "petstore").await.expect("a schema");
    assert_eq!(schema.spec.len() as u64, LIMIT);
}

/// Fetches a spec that is too large, with time enough to read all of it.
async fn fetch_too_large(registry: &HttpServer) {
    let host = rest().config("base_url", registry.url(""));
    let host = host.call_timeout(Duration::from_secs(60));
    let plugin = host.launch().await.expect("launched");
    let error = fetch_error(&plugin, "petstore").await;
    assert_eq!(error.code(), Code::ResourceExhausted, "{error}");
    let message = error.message();
    assert!(message.ends_with(" is over the limit of 50 MiB"), "{error}");
}

#[tokio::test]
async fn spec_of_one_byte_more_is_refused() {
    let registry = HttpServer::start(|_, _| Some(stream(LIMIT + 1).0)).await;
    fetch_too_large(&registry).await;
}

/// A registry that responds once.
async fn responding_once(response: Reply) -> HttpServer {
    let response = Mutex::new(Some(response));
    HttpServer::start(move |_, _| response.lock().expect("no panic").take()).await
}

#[tokio::test]
async fn spec_without_end_is_not_read_past_the_limit() {
    let (endless, sent) = stream(u64::MAX);
    fetch_too_large(&responding_once(endless).await).await;
    // What is more lies in the buffers of two sockets.
    let sent = sent.end().await;
    assert!((LIMIT..2 * LIMIT).contains(&sent), "{sent}");
}

#[tokio::test]
async fn size_declared_over_the_limit_is_refused_unread() {
    let (mut announced, sent) = stream(LIMIT + 1);
    let size = (LIMIT + 1).into();
    announced.headers_mut().insert("content-length", size);
    fetch_too_large(&responding_once(announced).await).await;
    let sent = sent.end().await;
    assert!(sent < LIMIT, "{sent}");
}

#[tokio::test]
async fn limit_is_that_of_the_decompressed_spec() {
    let zeros = vec![0; usize::try_from(LIMIT).expect("64 bits") + 1];
    fetch_too_large(&responding_once(compressed(&zeros, "gzip")).await).await;
}

fn compressed(text: &[u8], encoding: &str) -> Reply {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text).expect("memory");
    let body = encoder.finish().expect("memory");
    respond_with(200, [("content-encoding", encoding)], body)
}
