//! Whatever goes wrong beside them, calls get their responses, and what was acknowledged is in the ledger.

use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use cvtplugin::prelude::*;
use cvtplugin_testkit::http2::{Connection, GREETING, ON_VALIDATION_FAILED, framed, read_response};
use cvtplugin_testkit::process::{Signal, raise_own_limit, signal, stop};
use cvtplugin_testkit::wait::soon;
use tokio::task::JoinSet;

use crate::ledger::{CALLERS, LEDGER, Loaded, entry};

/// How often a fault is repeated.
const TIMES: usize = 20;

async fn connect(loaded: &Loaded) -> Connection {
    let connection = Connection::open(loaded.plugin.socket().expect("a Unix socket")).await;
    connection.expect("a connection")
}

#[tokio::test]
async fn panics_cost_no_other_call() {
    let loaded = Loaded::launch().await;
    for _ in 0..TIMES {
        let change = BreakingChangeDetectedRequest::new("petstore", "1", "2");
        let error = loaded.plugin.on_breaking_change_detected(change).await;
        assert_eq!(error.expect_err("a panic").code(), Code::Internal);
    }
    loaded.end().await;
}

#[tokio::test]
async fn ctrl_c_costs_no_call() {
    let loaded = Loaded::launch().await;
    for _ in 0..TIMES {
        signal(loaded.plugin.process_id(), Signal::INT);
        loaded.plugin.client().ping().await.expect("a pong");
    }
    loaded.end().await;
}

#[tokio::test]
async fn sigstop_costs_no_call() {
    let loaded = Loaded::launch().await;
    for _ in 0..TIMES {
        stop(loaded.plugin.process_id()).await;
        signal(loaded.plugin.process_id(), Signal::CONT);
        loaded.books.load_is_on().await;
    }
    loaded.end().await;
}

#[tokio::test]
async fn full_disk_costs_no_call() {
    let script = format!(
        "export CVT_PLUGIN_LOG=debug CVT_PLUGIN_LOG_FILE=/dev/full; exec '{LEDGER}' 2>/dev/full"
    );
    let loaded = Loaded::launch_by(&script, CALLERS).await;
    loaded.end().await;
}

#[tokio::test]
async fn stderr_closed_costs_no_call() {
    // Of the pipe's two ends, only the one to write to is left.
    let script = format!(
        r#"export CVT_PLUGIN_LOG=debug; pipe="$TMPDIR/pipe"; mkfifo "$pipe"
        exec 3<>"$pipe" 4>"$pipe" 3>&-; rm "$pipe"; exec '{LEDGER}' 2>&4 4>&-"#
    );
    let loaded = Loaded::launch_by(&script, CALLERS).await;
    loaded.end().await;
}

#[tokio::test]
async fn descriptors_exhausted_costs_no_call() {
    let loaded = Loaded::launch_by(&format!("ulimit -n 40; exec '{LEDGER}'"), CALLERS).await;
    let open = || {
        UnixStream::connect(loaded.plugin.socket().expect("a Unix socket")).expect("a connection")
    };
    let idle: Vec<_> = (0..60).map(|_| open()).collect();
    loaded.books.load_is_on().await;
    drop(idle);
    loaded.end().await;
}

#[tokio::test]
async fn malformed_frames_and_messages_cost_no_other_call() {
    let loaded = Loaded::launch().await;
    for _ in 0..TIMES {
        let mut stream = UnixStream::connect(loaded.plugin.socket().expect("a Unix socket"))
            .expect("a connection");
        let frames = [GREETING, &[0xff; 64]].concat();
        stream.write_all(&frames).expect("it is sent");
        let closed = tokio::task::spawn_blocking(move || {
            let _ = stream.read_to_end(&mut Vec::new());
        });
        let closed = soon("the connection to be closed", closed).await;
        closed.expect("the reader ends");

        // On the very connection of the calls.
        let message = Bytes::from_static(b"\0\0\0\0\x03\xff\xff\xff");
        let error = send(&loaded, message).await;
        assert_eq!(error.code(), Code::Internal, "{error:?}");
    }
    loaded.end().await;
}

#[tokio::test]
async fn oversize_requests_cost_no_other_call() {
    let loaded = Loaded::launch().await;
    let request = framed(&entry(&"x".repeat(4 * 1024 * 1024)));
    for _ in 0..TIMES {
        let error = send(&loaded, request.clone()).await;
        assert_eq!(error.code(), Code::ResourceExhausted, "{error:?}");
    }
    loaded.end().await;
}

/// Sends the bytes of a request on the connection of the calls, for an error.
async fn send(loaded: &Loaded, request: Bytes) -> Error {
    let begun = loaded.connection.begin(ON_VALIDATION_FAILED, &[]).await;
    let (response, mut body) = begun.expect("it begins");
    body.send_data(request, true).expect("it is sent");
    let response = read_response::<EventResponse>(response);
    soon("a response", response).await.expect_err("no request")
}

#[tokio::test]
async fn expired_and_cancelled_calls_cost_no_other() {
    let loaded = Loaded::launch().await;
    let connection = connect(&loaded).await;
    for n in 0..TIMES * 10 {
        let late = entry(&format!("late.{n}"));
        let timeout = Duration::from_millis(1);
        let late = connection.call_within::<EventResponse>(ON_VALIDATION_FAILED, timeout, &late);
        // On a machine that is slow enough, both are over at once.
        if let Err(error) = soon("a response", late).await {
            assert_eq!(error.code(), Code::DeadlineExceeded);
        }
        let cancelled = connection.begin(ON_VALIDATION_FAILED, &[]).await;
        drop(cancelled.expect("it begins"));
    }
    loaded.end().await;
}

#[tokio::test]
async fn thousands_of_calls_at_once_are_all_in_the_ledger() {
    let loaded = Loaded::launch_by(&format!("exec '{LEDGER}'"), 2_000).await;
    loaded.end().await;
}

#[tokio::test]
async fn thousand_connections_cost_no_call() {
    raise_own_limit();
    let loaded = Loaded::launch().await;
    let mut calls = JoinSet::new();
    let mut connections = Vec::new();
    for n in 0..1000 {
        let connection = Arc::new(connect(&loaded).await);
        connections.push(connection.clone());
        calls.spawn(async move {
            let entry = entry(&format!("connection.{n}"));
            connection
                .call::<EventResponse>(ON_VALIDATION_FAILED, &entry)
                .await
        });
    }
    for response in soon("every response", calls.join_all()).await {
        assert!(response.expect("a response").acknowledged);
    }
    loaded.end().await;
    drop(connections);
}
