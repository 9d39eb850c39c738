//! The end of a plugin in special circumstances, and what is not its end.

use std::path::Path;
use std::time::Duration;

use cvtplugin::host::Host;
use cvtplugin::prelude::*;
use cvtplugin::{Health, LogRecord};
use cvtplugin_testkit::http2::{Connection, SHUTDOWN, spec_of};
use cvtplugin_testkit::process::{Signal, assert_empty, is_gone, only_child, signal, stop};
use cvtplugin_testkit::wait::{soon, until};
use h2::client::ResponseFuture;
use tokio::task::JoinSet;

use crate::harness::{ECHO, Echo, SHELL};
use crate::tools::connect;

/// More than one reading of a socket gives, and than HTTP/2 lets a peer send at once.
const BIG: usize = 10 * 1024 * 1024;

#[tokio::test]
async fn big_response_in_flight_arrives_before_that_to_shutdown() {
    let echo = Echo::launch().await;
    let connection = Connection::open(echo.plugin.socket().expect("a Unix socket")).await;
    let connection = connection.expect("a connection");
    let id = format!("bytes:{BIG}");
    let spec = connection.fetch(&id);
    let end = async {
        // In order: the plugin has the other call when it gets this one.
        let response = connection.call(SHUTDOWN, &()).await;
        connection.hang_up();
        response
    };
    let (spec, end) = soon("both responses", async { tokio::join!(spec, end) }).await;
    let () = end.expect("the host gets its response");
    assert_eq!(
        spec.expect("the call in flight gets its response").len(),
        BIG
    );
    echo.ended().await;
}

#[tokio::test]
async fn second_sigterm_ends_at_once() {
    let echo = Echo::launch().await;
    let process_id = echo.plugin.process_id();
    {
        let endless = echo.say("sleep:3600000");
        let ends = async {
            echo.plugin.client().ping().await.expect("a pong");
            signal(process_id, Signal::TERM);
            // From the first signal on, new calls are turned away.
            while echo.say("alive").await.is_ok() {}
            signal(process_id, Signal::TERM);
        };
        let both = Box::pin(async { tokio::join!(endless, ends) });
        let (endless, ()) = soon("the end", both).await;
        assert_eq!(endless.expect_err("given up").code(), Code::Unavailable);
    }
    // Without the second one, this would say that the calls in flight had their time.
    let last = echo
        .log(|record| record.level == tracing::Level::WARN)
        .await;
    assert_eq!(last.message, "ending at once on another SIGTERM");
    echo.ended().await;
}

#[tokio::test]
async fn ctrl_c_under_load_costs_no_call() {
    let echo = Echo::launch().await;
    let process_id = echo.plugin.process_id();
    for _ in 0..20 {
        let calls = async { tokio::join!(echo.say("a"), echo.say("sleep:5"), echo.say("b")) };
        let interrupt = async { signal(process_id, Signal::INT) };
        let ((a, slept, b), ()) = tokio::join!(calls, interrupt);
        assert_eq!(a.expect("a response"), "echoed: a");
        assert_eq!(slept.expect("a response"), "slept");
        assert_eq!(b.expect("a response"), "echoed: b");
    }
    echo.end().await;
}

#[tokio::test]
async fn stopped_plugin_goes_on_where_it_was() {
    let echo = Echo::launch_with(|host| host.call_timeout(Duration::from_secs(60))).await;
    let process_id = echo.plugin.process_id();
    {
        let in_flight = echo.say("sleep:20");
        let ping = async { echo.plugin.client().ping().await.expect("a pong") };
        tokio::pin!(in_flight);
        tokio::select! {
            biased;
            _ = &mut in_flight => panic!("it slept too little"),
            () = ping => {}
        }
        stop(process_id).await;
        let unheard = echo.say("while it stood");
        let go_on = async { signal(process_id, Signal::CONT) };
        let (in_flight, unheard, ()) = tokio::join!(in_flight, unheard, go_on);
        assert_eq!(in_flight.expect("a response"), "slept");
        assert_eq!(unheard.expect("a response"), "echoed: while it stood");
    }
    echo.end().await;
}

/// Stops echo, and returns a connection to it that is up, its settings exchanged.
async fn stopped(echo: &Echo) -> Connection {
    let connection = connect(echo).await;
    connection.fetch("alive").await.expect("a response");
    stop(echo.plugin.process_id()).await;
    connection
}

#[tokio::test]
async fn calls_cancelled_while_stopped_cost_no_other() {
    let echo = Echo::launch().await;
    let process_id = echo.plugin.process_id();
    let connection = stopped(&echo).await;
    let kept = connection.start_fetch("kept").await.expect("it is sent");
    for _ in 0..200 {
        let cancelled = connection.start_fetch("cancelled").await;
        drop(cancelled.expect("it is sent"));
    }
    signal(process_id, Signal::CONT);
    let kept = soon("the call that was not cancelled", spec_of(kept)).await;
    assert_eq!(kept.expect("a response"), "echoed: kept");
    echo.end().await;
}

#[tokio::test]
async fn calls_made_while_stopped_get_responses() {
    let echo = Echo::launch().await;
    let process_id = echo.plugin.process_id();
    let connection = stopped(&echo).await;
    // All are read at once: a response that waits to be read takes room from the others.
    let mut calls = JoinSet::new();
    for n in 0..5_000 {
        let call = connection.start_fetch(&format!("n{n}")).await;
        let call = call.expect("it is sent");
        calls.spawn(async move {
            let spec = spec_of(call).await.expect("a response");
            assert_eq!(spec, format!("echoed: n{n}"));
        });
    }
    signal(process_id, Signal::CONT);
    soon("every response", calls.join_all()).await;
    echo.end().await;
}

#[tokio::test]
async fn stopped_host_has_not_died() {
    let directory = tempfile::tempdir().expect("a directory");
    let echo = below_a_shell(directory.path()).await;
    let host = echo.plugin.process_id();
    let plugin = only_child(host);
    stop(host).await;
    assert_eq!(
        echo.say("alive").await.expect("a response"),
        "echoed: alive"
    );
    signal(host, Signal::CONT);
    assert_eq!(
        echo.say("alive").await.expect("a response"),
        "echoed: alive"
    );
    // How soon, the benchmark says.
    signal(host, Signal::KILL);
    until("the end", || is_gone(plugin)).await;
    assert_empty(directory.path());
}

#[tokio::test]
#[ignore = "slow: .ci/run runs it"]
async fn blocked_handlers_do_not_hide_host_death() {
    for count in [1, 6] {
        let directory = tempfile::tempdir().expect("a directory");
        let echo = below_a_shell(directory.path()).await;
        let mut blocked = block(&echo, count).await;
        for _ in 0..20 {
            echo.plugin.client().ping().await.expect("a pong");
            let health = echo.plugin.client().health().await;
            assert_eq!(health.expect("a response"), Health::Serving);
            assert_eq!(
                echo.say("alive").await.expect("a response"),
                "echoed: alive"
            );
        }
        // Responses to all of them while they block.
        for (_, call) in &mut blocked {
            tokio::select! {
                biased;
                ended = call => panic!("it blocked too little: {ended:?}"),
                () = std::future::ready(()) => {}
            }
        }
        let plugin = only_child(echo.plugin.process_id());
        signal(echo.plugin.process_id(), Signal::KILL);
        until("the end", || is_gone(plugin)).await;
        assert_empty(directory.path());
    }
}

#[tokio::test]
#[ignore = "slow: .ci/run runs it"]
async fn blocked_handlers_do_not_delay_shutdown() {
    for count in [1, 6] {
        let echo = Echo::launch().await;
        let _blocked = block(&echo, count).await;
        let exit = soon("the end", echo.plugin.shutdown()).await;
        let exit = exit.expect("it can be waited for");
        assert!(exit.is_clean(), "{exit:?}");
    }
}

/// The author's `shutdown` has a second, whether it awaits or blocks its thread.
#[tokio::test]
async fn endless_shutdown_hook_is_given_up() {
    for how in ["shutdown for ever", "shutdown and its thread"] {
        let fragile = env!("CARGO_BIN_EXE_cvt-plugin-fragile");
        let fragile = Echo::launch_binary(fragile, |host| host.env("FRAGILE", how)).await;
        let exit = soon("the end", fragile.plugin.shutdown()).await;
        let exit = exit.expect("it can be waited for");
        assert!(exit.is_clean(), "{how}: {exit:?}");
        let given_up =
            |record: &LogRecord| record.message.starts_with("`shutdown` has not finished");
        fragile.captured.log(given_up).await;
    }
}

/// Begins calls that block a thread each for longer than any test waits.
async fn block(echo: &Echo, count: usize) -> Vec<(Connection, ResponseFuture)> {
    let mut blocked = Vec::new();
    for _ in 0..count {
        let connection = Connection::open(echo.plugin.socket().expect("a Unix socket")).await;
        let connection = connection.expect("a connection");
        let call = connection.start_fetch("block:3600000").await;
        let call = call.expect("it is sent");
        // In order: the plugin has the other call when it responds to this one.
        connection.fetch("alive").await.expect("a response");
        blocked.push((connection, call));
    }
    blocked
}

/// Launches echo below a shell, which it takes for its host and which can be killed.
async fn below_a_shell(temporary: &Path) -> Echo {
    let configure = |host: Host| {
        host.env("LAUNCH", format!("'{ECHO}' & wait"))
            .env("TMPDIR", temporary)
    };
    Echo::launch_binary(SHELL, configure).await
}
