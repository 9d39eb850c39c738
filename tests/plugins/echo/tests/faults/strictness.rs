//! Requests that are not proper gRPC are refused, as a plugin on CVT's Go SDK refuses them.

use bytes::Bytes;
use cvtplugin::prelude::*;
use cvtplugin_testkit::http2::{FETCH_SCHEMA, framed};
use http::header::{CONTENT_TYPE, DATE};
use http::{HeaderMap, Method, Request, StatusCode};

use crate::harness::Echo;
use crate::tools::{connect, host_is_served};

/// A proper request for a schema.
fn request() -> Request<Bytes> {
    Request::post(format!("http://unused{FETCH_SCHEMA}"))
        .header(CONTENT_TYPE, "application/grpc")
        .header("te", "trailers")
        .body(framed(&FetchSchemaRequest::new("a")))
        .expect("a proper request")
}

/// Sends a request on a connection of its own; returns the HTTP status, the headers and the
/// trailers, which may be one.
async fn send(echo: &Echo, request: Request<Bytes>) -> (StatusCode, HeaderMap, HeaderMap) {
    let connection = connect(echo).await;
    let (head, mut body) = connection.send(request).await.expect("a response");
    while let Some(data) = body.data().await {
        data.expect("data");
    }
    let trailers = body.trailers().await.expect("trailers");
    let trailers = trailers.unwrap_or_else(|| head.headers.clone());
    (head.status, head.headers, trailers)
}

async fn assert_refused(echo: &Echo, request: Request<Bytes>, http: u16, code: Code, why: &str) {
    let (status, _, trailers) = send(echo, request).await;
    assert_eq!(status.as_u16(), http, "{why}: {trailers:?}");
    let number = trailers["grpc-status"].to_str().expect("text");
    assert_eq!(number, i32::from(code).to_string(), "{why}: {trailers:?}");
    let message = trailers["grpc-message"].to_str().expect("text");
    assert!(message.replace("%20", " ").contains(why), "{message}");
}

#[tokio::test]
async fn timeout_that_is_malformed_is_refused() {
    let echo = Echo::launch().await;
    for timeout in ["5", "S", "", "123456789S", "-1S", "5s", "1.5S", "5 S"] {
        let mut request = request();
        let value = timeout.parse().expect("a header");
        request.headers_mut().insert("grpc-timeout", value);
        assert_refused(
            &echo,
            request,
            400,
            Code::Internal,
            "malformed grpc-timeout",
        )
        .await;
    }
    host_is_served(&echo).await;
    echo.end().await;
}

#[tokio::test]
async fn content_type_that_is_not_grpc_is_refused() {
    let echo = Echo::launch().await;
    for content_type in ["application/json", "application/grpcx", "", "text/plain"] {
        let mut request = request();
        let value = content_type.parse().expect("a header");
        request.headers_mut().insert(CONTENT_TYPE, value);
        let why = "invalid content-type";
        assert_refused(&echo, request, 415, Code::InvalidArgument, why).await;
    }
    let mut without = request();
    without.headers_mut().remove(CONTENT_TYPE);
    assert_refused(&echo, without, 415, Code::InvalidArgument, "content-type").await;
    for content_type in ["application/grpc+proto", "application/grpc;charset=utf-8"] {
        let mut request = request();
        let value = content_type.parse().expect("a header");
        request.headers_mut().insert(CONTENT_TYPE, value);
        let (_, _, trailers) = send(&echo, request).await;
        assert_eq!(trailers["grpc-status"], "0", "{content_type}");
    }
    host_is_served(&echo).await;
    echo.end().await;
}

#[tokio::test]
async fn method_other_than_post_is_refused() {
    let echo = Echo::launch().await;
    for method in [Method::GET, Method::PUT] {
        let mut request = request();
        *request.method_mut() = method;
        assert_refused(&echo, request, 405, Code::Internal, "expected POST").await;
    }
    host_is_served(&echo).await;
    echo.end().await;
}

#[tokio::test]
async fn messages_other_than_one_are_refused() {
    let echo = Echo::launch().await;
    let message = framed(&FetchSchemaRequest::new("a"));
    for (data, why) in [
        (
            [&message[..], &message[..]].concat(),
            "more than one message",
        ),
        ([&message[..], b"\0"].concat(), "more than one message"),
        (Vec::new(), "issing request message"),
        (message[..message.len() - 1].to_vec(), "nexpected EOF"),
    ] {
        let request = request().map(|_| data.into());
        assert_refused(&echo, request, 200, Code::Internal, why).await;
    }
    host_is_served(&echo).await;
    echo.end().await;
}

/// hyper's panics with a clock before 1970 or after 9999.
#[tokio::test]
async fn response_has_no_date() {
    let echo = Echo::launch().await;
    let (_, headers, trailers) = send(&echo, request()).await;
    assert_eq!(trailers["grpc-status"], "0");
    assert!(!headers.contains_key(DATE), "{headers:?}");
    echo.end().await;
}
