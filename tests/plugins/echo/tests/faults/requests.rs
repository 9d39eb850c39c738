//! Requests that no well-behaved host sends: they break nothing but themselves.

use std::io::Write as _;
use std::os::unix::net::UnixStream;
use std::sync::Arc;

use bytes::Bytes;
use cvtplugin::Code;
use cvtplugin_testkit::http2::{Connection, FETCH_SCHEMA, GREETING, spec_of};
use cvtplugin_testkit::process::mebibytes;
use cvtplugin_testkit::wait::soon;
use tokio::task::JoinSet;

use crate::harness::Echo;
use crate::tools::{connect, host_is_served};

/// The largest request that a plugin takes.
const LARGEST: usize = 4 * 1024 * 1024;

#[tokio::test]
#[ignore = "slow: .ci/run runs it"]
async fn oversize_requests_are_all_refused() {
    // Beyond what HTTP/2 forgives a client in all by default.
    const REQUESTS: usize = 3000;
    let echo = Echo::launch().await;
    let connection = Arc::new(connect(&echo).await);
    let mut calls = JoinSet::new();
    for n in 0..REQUESTS {
        calls.spawn(send_too_much(connection.clone()));
        if n >= 100 {
            let refused = soon("a response", calls.join_next()).await;
            refused.expect("one is in flight").expect("it is refused");
        }
    }
    host_is_served(&echo).await;
    soon("every response", calls.join_all()).await;
    let spec = connection.fetch("alive").await;
    assert_eq!(spec.expect("a response"), "echoed: alive");
    echo.end().await;
}

/// Announces a request that is too long by a byte, and begins to send it.
async fn send_too_much(connection: Arc<Connection>) {
    let begun = connection.begin(FETCH_SCHEMA, &[]).await;
    let (response, mut body) = begun.expect("it begins");
    let length = u32::try_from(LARGEST + 1).expect("it fits").to_be_bytes();
    let request = [&[0], &length[..], &vec![b'x'; LARGEST + 1]].concat();
    body.send_data(request.into(), true).expect("it is sent");
    let error = spec_of(response).await.expect_err("too large");
    assert_eq!(error.code(), Code::ResourceExhausted, "{error:?}");
    assert!(error.message().contains("4194304"), "{error}");
}

#[tokio::test]
async fn slow_senders_delay_no_other_call() {
    let echo = Echo::launch().await;
    let connection = connect(&echo).await;
    let mut slow = Vec::new();
    for _ in 0..500 {
        let (response, mut body) = connection
            .begin(FETCH_SCHEMA, &[])
            .await
            .expect("it begins");
        body.send_data(Bytes::from_static(&[0]), false)
            .expect("it is sent");
        slow.push((response, body));
    }
    host_is_served(&echo).await;
    // On the same connection too.
    let spec = soon("a response", connection.fetch("alive")).await;
    assert_eq!(spec.expect("a response"), "echoed: alive");
    // Nor the end: no call of theirs is in flight.
    echo.end().await;
}

#[tokio::test]
async fn rapid_resets_cost_their_own_connection_at_most() {
    let echo = Echo::launch().await;
    let process_id = echo.plugin.process_id();
    for _ in 0..5 {
        let connection = connect(&echo).await;
        for _ in 0..2_000 {
            match connection.start_fetch("sleep:60000").await {
                Ok(cancelled) => drop(cancelled),
                // It was closed: that is fine, too.
                Err(_) => break,
            }
            tokio::task::yield_now().await;
        }
        host_is_served(&echo).await;
    }
    let used = mebibytes(process_id, "VmRSS");
    assert!(used < 64, "{used} MiB");
    // Cancelled calls that went on would hold up the end, and be given up.
    echo.end().await;
}

#[tokio::test]
async fn huge_headers_are_refused() {
    let echo = Echo::launch().await;
    let connection = connect(&echo).await;
    let huge = "x".repeat(100 * 1024);
    let begun = connection.begin(FETCH_SCHEMA, &[("x-huge", &huge)]).await;
    // No service sees it: how it is refused is the business of HTTP.
    let refused = soon("a response", begun.expect("it begins").0).await;
    let status = refused.expect("a response").status();
    assert_eq!(status, http::StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    let spec = connection.fetch("alive").await;
    assert_eq!(spec.expect("a response"), "echoed: alive");

    let gigantic = "x".repeat(10 * 1024 * 1024);
    let begun = connection
        .begin(FETCH_SCHEMA, &[("x-huge", &gigantic)])
        .await;
    drop(begun);
    soon("the connection to be closed", connection.closed()).await;
    host_is_served(&echo).await;
    echo.end().await;
}

/// Frames that no client sends, after a proper greeting: on each the connection is closed.
#[tokio::test]
async fn malformed_frames_under_load_break_their_own_connection_alone() {
    let endless_headers = [
        &[0, 0, 0, 1, 0, 0, 0, 0, 1][..],
        &[0, 0, 0, 9, 0, 0, 0, 0, 1].repeat(10_000),
    ]
    .concat();
    let frames: [(&str, Vec<u8>); 7] = [
        (
            "a frame larger than allowed",
            vec![0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 1],
        ),
        ("data for no stream", vec![0, 0, 1, 0, 0, 0, 0, 0, 1, b'x']),
        (
            "headers for stream 0",
            vec![0, 0, 1, 1, 4, 0, 0, 0, 0, 0x82],
        ),
        (
            "headers that cannot be decoded",
            vec![0, 0, 2, 1, 4, 0, 0, 0, 1, 0xff, 0xff],
        ),
        (
            "settings of an odd length",
            vec![0, 0, 1, 4, 0, 0, 0, 0, 0, 0],
        ),
        (
            "a window beyond its limit",
            vec![0, 0, 4, 8, 0, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff],
        ),
        ("headers without end", endless_headers),
    ];
    let echo = Echo::launch().await;
    for (what, frames) in frames {
        let mut stream = UnixStream::connect(echo.plugin.socket().expect("a Unix socket"))
            .expect("a connection");
        let sent = [GREETING, &frames].concat();
        let reader = tokio::task::spawn_blocking(move || {
            // It may be closed before everything is written.
            let _ = stream.write_all(&sent);
            std::io::copy(&mut stream, &mut std::io::sink())
        });
        let closed = async {
            let (closed, ()) = tokio::join!(reader, host_is_served(&echo));
            drop(closed.expect("the reader ends"));
        };
        soon(what, Box::pin(closed)).await;
    }
    echo.end().await;
}
