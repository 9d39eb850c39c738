//! Calls that take too long.

use std::sync::Arc;
use std::time::Duration;

use cvtplugin::host::Request;
use cvtplugin::prelude::*;
use cvtplugin_testkit::http2::{FETCH_SCHEMA, spec_of};
use cvtplugin_testkit::process::status;
use cvtplugin_testkit::wait::{soon, until};
use tokio::task::JoinSet;

use crate::harness::Echo;
use crate::tools::connect;

#[tokio::test]
async fn slow_sender_has_until_its_deadline() {
    let echo = Echo::launch().await;
    let connection = connect(&echo).await;
    let begun = connection
        .begin(FETCH_SCHEMA, &[("grpc-timeout", "50m")])
        .await;
    let (response, _body) = begun.expect("it begins");
    let error = soon("a response", spec_of(response))
        .await
        .expect_err("too slow");
    assert_eq!(error.code(), Code::DeadlineExceeded);
    echo.end().await;
}

#[tokio::test]
async fn thousand_expired_calls_are_deadline_exceeded() {
    let echo = Echo::launch().await;
    let connection = Arc::new(connect(&echo).await);
    let mut calls = JoinSet::new();
    for n in 0..1000 {
        let connection = connection.clone();
        calls.spawn(async move {
            let request = FetchSchemaRequest::new("sleep:60000");
            let timeout = Duration::from_micros(n * 50);
            let call =
                connection.call_within::<FetchSchemaResponse>(FETCH_SCHEMA, timeout, &request);
            call.await.expect_err("too slow").code()
        });
    }
    let codes = soon("every response", calls.join_all()).await;
    let expired = codes.iter().filter(|code| **code == Code::DeadlineExceeded);
    assert_eq!(expired.count(), 1000, "{codes:?}");
    echo.end().await;
}

#[tokio::test]
async fn handler_sees_its_deadline() {
    const HOUR: Duration = Duration::from_secs(3600);
    let echo = Echo::launch().await;
    let connection = connect(&echo).await;
    for word in ["deadline", "remaining"] {
        let request = Request::new(FetchSchemaRequest::new(word)).timeout(HOUR);
        let schema = echo.plugin.fetch_schema(request).await.expect("a response");
        let left = String::from_utf8(schema.spec.into()).expect("text");
        let left: u128 = left.parse().expect("a number");
        // However slow: a test is given up long before.
        let possible = HOUR.as_millis() / 2..=HOUR.as_millis();
        assert!(possible.contains(&left), "{word}: {left} ms");

        let unlimited = soon("a response", connection.fetch(word)).await;
        assert_eq!(unlimited.expect("a response"), "none", "{word}");
    }
    echo.end().await;
}

/// A plain `fn` cannot be stopped: it sees that nobody waits, and its thread goes on to others.
#[tokio::test]
async fn plain_fn_sees_cancellation_and_leaves_its_thread() {
    const CALLS: usize = 30;
    let fragile = env!("CARGO_BIN_EXE_cvt-plugin-fragile");
    let fragile = Echo::launch_binary(fragile, |host| host).await;
    let mut threads = Vec::new();
    for number in 0..CALLS {
        let begun = begun_and_ended(&fragile).0;
        if number % 2 == 0 {
            expires(&fragile).await;
        } else {
            is_cancelled(&fragile).await;
        }
        let all_ended = || {
            let (begun_now, ended) = begun_and_ended(&fragile);
            begun_now > begun && ended == begun_now
        };
        until("the end of the fn", all_ended).await;
        let threads_now = status(fragile.plugin.process_id(), "Threads");
        threads.push(threads_now.parse::<usize>().expect("a number"));
    }
    // Each has given its thread back before the next begins, or is just about to.
    assert!(threads[CALLS - 1] <= threads[0] + 2, "{threads:?}");
    fragile.end().await;
}

/// Lets a call expire once it has begun, however long that takes.
async fn expires(fragile: &Echo) {
    let mut timeout = Duration::from_millis(20);
    let begun = begun_and_ended(fragile).0;
    while begun_and_ended(fragile).0 == begun {
        let change = BreakingChangeDetectedRequest::new("petstore", "1", "2");
        let change = Request::new(change).timeout(timeout);
        let response = fragile.plugin.on_breaking_change_detected(change).await;
        let error = response.expect_err("too slow");
        assert_eq!(error.code(), Code::DeadlineExceeded);
        timeout *= 2;
    }
}

/// Cancels a call once it has begun.
async fn is_cancelled(fragile: &Echo) {
    let change = BreakingChangeDetectedRequest::new("petstore", "1", "2");
    let change = Request::new(change).timeout(Duration::from_secs(3600));
    let begun = begun_and_ended(fragile).0;
    tokio::select! {
        response = fragile.plugin.on_breaking_change_detected(change) => {
            panic!("it ends only when nobody waits: {response:?}");
        }
        () = until("the call", || begun_and_ended(fragile).0 > begun) => {}
    }
}

/// How many calls have begun, and how many of them have seen that nobody waits.
fn begun_and_ended(plugin: &Echo) -> (usize, usize) {
    let logs = plugin.captured.logs();
    let times = |message| logs.iter().filter(|it| it.message == message).count();
    (times("somebody waits"), times("nobody waits any more"))
}
