//! Too much of anything: others are served meanwhile, and memory stays bounded.

use std::collections::VecDeque;
use std::os::unix::net::UnixStream;
use std::sync::Arc;

use cvtplugin::host::Host;
use cvtplugin::{Code, Error, Health};
use cvtplugin_testkit::http2::{Connection, spec_of};
use cvtplugin_testkit::process::{descriptors, mebibytes, raise_own_limit};
use cvtplugin_testkit::wait::{soon, until};
use tokio::task::JoinSet;

use crate::harness::{ECHO, Echo, SHELL};
use crate::tools::{connect, host_is_served};

#[tokio::test]
async fn ten_thousand_calls_at_once_get_responses() {
    const CALLS: usize = 10_000;
    let echo = Echo::launch().await;
    let connection = Arc::new(connect(&echo).await);
    let mut calls = JoinSet::new();
    // None gets its response before the last has come to its handler.
    let gate = format!("gate:{CALLS}");
    for _ in 1..CALLS {
        let call = connection.start_fetch(&gate).await.expect("it is sent");
        calls.spawn(async { assert_eq!(spec_of(call).await.expect("a response"), "passed") });
    }
    host_is_served(&echo).await;
    assert!(calls.try_join_next().is_none(), "a response came too early");
    let last = soon("the last", connection.fetch(&gate)).await;
    assert_eq!(last.expect("a response"), "passed");
    soon("every response", calls.join_all()).await;
    let used = mebibytes(echo.plugin.process_id(), "VmHWM");
    assert!(used < 256, "{used} MiB");
    echo.end().await;
}

#[tokio::test]
async fn thousand_connections_are_served() {
    const CONNECTIONS: usize = 1000;
    raise_own_limit();
    let echo = Echo::launch().await;
    let before = descriptors(echo.plugin.process_id());
    let mut connections = Vec::new();
    for n in 0..CONNECTIONS {
        let connection = connect(&echo).await;
        let spec = soon("a response", connection.fetch(&format!("n{n}"))).await;
        assert_eq!(spec.expect("a response"), format!("echoed: n{n}"));
        connections.push(connection);
    }
    host_is_served(&echo).await;
    drop(connections);
    let closed = || descriptors(echo.plugin.process_id()) <= before;
    until("the descriptors to be given back", closed).await;
    host_is_served(&echo).await;
    echo.end().await;
}

#[tokio::test]
async fn calls_beyond_the_limit_are_refused_and_control_is_not() {
    /// As in the runtime.
    const LIMIT: usize = 16 * 1024;
    let echo = Echo::launch().await;
    let connection = connect(&echo).await;
    let mut held = VecDeque::new();
    for _ in 0..LIMIT {
        let call = connection.start_fetch("sleep:3600000").await;
        held.push_back(call.expect("it is sent"));
    }
    // In order: it comes after the others.
    let error = soon("a response", connection.fetch("one more")).await;
    let error = error.expect_err("over the limit");
    assert_eq!(error.code(), Code::ResourceExhausted);
    assert!(error.message().contains("16384"), "{error}");

    let control = async {
        echo.plugin.client().ping().await.expect("a pong");
        let health = echo.plugin.client().health().await;
        assert_eq!(health.expect("a response"), Health::Serving);
        let set = echo.plugin.client().set_config("key", "value").await;
        set.expect("it is taken");
    };
    soon("control to be served", control).await;

    drop(held.pop_front());
    let room = async { while connection.fetch("alive").await.is_err() {} };
    soon("the room that one has left", room).await;

    let exit = soon("the end", echo.plugin.shutdown()).await;
    let exit = exit.expect("it can be waited for");
    assert!(exit.is_clean(), "{exit:?}");
    for call in held {
        let error = soon("a response", spec_of(call)).await;
        assert_eq!(error.expect_err("given up").code(), Code::Unavailable);
    }
}

/// As in the runtime, without the host's own.
const OTHER_CONNECTIONS: usize = 2 * 1024 - 1;

#[tokio::test]
async fn silent_connections_make_room() {
    raise_own_limit();
    let echo = Echo::launch().await;
    let before = descriptors(echo.plugin.process_id());
    let mut others = Vec::new();
    for _ in 0..OTHER_CONNECTIONS {
        others.push(
            UnixStream::connect(echo.plugin.socket().expect("a Unix socket"))
                .expect("a connection"),
        );
    }
    let accepted = || descriptors(echo.plugin.process_id()) >= before + OTHER_CONNECTIONS;
    until("all to be accepted", accepted).await;
    for _ in 0..10 {
        let connection = connect(&echo).await;
        let spec = soon("a response", connection.fetch("alive")).await;
        assert_eq!(spec.expect("a response"), "echoed: alive");
    }
    host_is_served(&echo).await;
    echo.end().await;
}

#[tokio::test]
async fn connections_with_requests_stay_and_further_ones_are_closed() {
    raise_own_limit();
    let echo = Echo::launch().await;
    let another = async || {
        let connection = Connection::open(echo.plugin.socket().expect("a Unix socket")).await?;
        let slow = connection.start_fetch("sleep:600000").await?;
        // Once this is there, so is the slow one.
        connection.fetch("alive").await?;
        Ok::<_, Error>((connection, slow))
    };
    let mut others = Vec::new();
    let refused = async {
        loop {
            match another().await {
                Ok(other) => others.push(other),
                Err(error) => return error,
            }
        }
    };
    let error = soon("one more to be closed", refused).await;
    assert_eq!(others.len(), OTHER_CONNECTIONS);
    assert_eq!(error.code(), Code::Unavailable);
    echo.log(|record| record.message == "refusing connections: too many")
        .await;
    host_is_served(&echo).await;

    drop(others.pop());
    let room = async { while another().await.is_err() {} };
    soon("the room that one has left", room).await;
    drop(others);
    echo.end().await;
}

#[tokio::test]
async fn descriptors_exhausted_keeps_serving_connections() {
    let few = |host: Host| host.env("LAUNCH", format!("ulimit -n 40; exec '{ECHO}'"));
    let echo = Echo::launch_binary(SHELL, few).await;
    let mut idle = Vec::new();
    for _ in 0..60 {
        // Beyond the limit they wait to be accepted.
        idle.push(
            UnixStream::connect(echo.plugin.socket().expect("a Unix socket"))
                .expect("a connection"),
        );
        host_is_served(&echo).await;
    }
    {
        let late = async { connect(&echo).await.fetch("late").await };
        tokio::pin!(late);
        tokio::select! {
            biased;
            _ = &mut late => panic!("there was a descriptor left"),
            () = host_is_served(&echo) => {}
        }
        drop(idle);
        let late = soon("the one that had to wait", late).await;
        assert_eq!(late.expect("a response"), "echoed: late");
    }
    echo.end().await;
}
