//! What the host controls a plugin by goes on, whatever becomes of the calls.

use std::time::Duration;

use cvtplugin::host::StdStream;
use cvtplugin::prelude::*;
use cvtplugin_testkit::http2::{Connection, FETCH_SCHEMA, SHUTDOWN, spec_of};
use cvtplugin_testkit::process::{Signal, mebibytes, signal};
use cvtplugin_testkit::wait::soon;
use tokio::task::JoinSet;

use crate::harness::{ECHO, Echo, SHELL};

/// More requests than a service takes at once.
const TOO_MANY: usize = 20_000;

#[tokio::test]
async fn unfinished_requests_are_limited_and_control_is_served() {
    let echo = Echo::launch().await;
    let connection = Connection::open(echo.plugin.socket().expect("a Unix socket")).await;
    let connection = connection.expect("a connection");
    let mut begun = Vec::new();
    let mut refused = JoinSet::new();
    for n in 0..TOO_MANY {
        let (response, body) = connection
            .begin(FETCH_SCHEMA, &[])
            .await
            .expect("it begins");
        if n < 16 * 1024 {
            begun.push((response, body));
        } else {
            let refusal = async move {
                let _body = body;
                spec_of(response).await.expect_err("too many").code()
            };
            refused.spawn(refusal);
        }
    }
    let codes = soon("every refusal", refused.join_all()).await;
    assert!(codes.iter().all(|code| *code == Code::ResourceExhausted));
    soon("a pong", echo.plugin.client().ping())
        .await
        .expect("a pong");
    soon("health", echo.plugin.client().health())
        .await
        .expect("a response");
    let used = mebibytes(echo.plugin.process_id(), "VmHWM");
    assert!(used < 256, "{used} MiB");
    // Others' calls are taken again once these are gone.
    drop(begun);
    let taken = async {
        while echo.say("alive").await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    soon("a call to be taken", taken).await;
    echo.end().await;
}

#[tokio::test]
async fn set_config_after_shutdown_is_refused() {
    let echo = Echo::launch().await;
    let connection = Connection::open(echo.plugin.socket().expect("a Unix socket")).await;
    let connection = connection.expect("a connection");
    let in_flight = connection.start_fetch("sleep:1000").await;
    let in_flight = in_flight.expect("it is sent");
    // Requests arrive in order: the response to this shows that it has the other.
    echo.plugin.client().health().await.expect("a response");
    let (end, mut body) = connection.begin(SHUTDOWN, &[]).await.expect("it begins");
    body.send_data([0; 5].to_vec().into(), true)
        .expect("it is sent");
    let refused = async {
        while echo
            .plugin
            .client()
            .set_config("key", "value")
            .await
            .is_ok()
        {}
        echo.plugin.client().set_config("key", "value").await
    };
    let refused = soon("a refusal", refused).await.expect_err("it is ending");
    assert_eq!(refused.code(), Code::Unavailable);
    let slept = spec_of(in_flight).await.expect("a response");
    assert_eq!(slept, "slept");
    end.await.expect("a response");
    echo.end().await;
}

#[tokio::test]
async fn sighup_under_nohup_is_ignored() {
    let launch =
        |host: cvtplugin::host::Host| host.env("LAUNCH", format!("trap '' HUP; exec '{ECHO}'"));
    let echo = Echo::launch_binary(SHELL, launch).await;
    signal(echo.plugin.process_id(), Signal::HUP);
    assert_eq!(
        echo.say("alive").await.expect("a response"),
        "echoed: alive"
    );
    echo.end().await;
}

#[tokio::test]
async fn sighup_right_after_sigterm_changes_nothing() {
    let echo = Echo::launch_with(|host| host.call_timeout(Duration::from_secs(60))).await;
    let process_id = echo.plugin.process_id();
    let connection = Connection::open(echo.plugin.socket().expect("a Unix socket")).await;
    let connection = connection.expect("a connection");
    let in_flight = connection.start_fetch("sleep:500").await;
    let in_flight = in_flight.expect("it is sent");
    connection.fetch("alive").await.expect("a response");
    signal(process_id, Signal::TERM);
    signal(process_id, Signal::HUP);
    let slept = soon("the response", spec_of(in_flight)).await;
    assert_eq!(slept.expect("a response"), "slept");
    let exit = echo.plugin.wait(Duration::from_secs(20)).await;
    assert!(exit.expect("an end").is_clean());
}

#[tokio::test]
async fn record_in_the_middle_of_a_line_is_text() {
    let echo = Echo::launch().await;
    let word = format!(r#"rawstderr:{}{{"@message":42}}"#, "x".repeat(60 * 1024));
    echo.say(word).await.expect("a response");
    // By itself it would be a record, and crash the host.
    let record = echo
        .log(|record| record.message.contains(r#"{"@message":42}"#))
        .await;
    assert_eq!((&*record.module, record.message.len()), ("echo", 15));
    let whole = echo.printed(StdStream::Stderr, "42}\n").await;
    assert_eq!(whole.len(), 60 * 1024 + 16);
    echo.end().await;
}

#[tokio::test]
async fn records_of_a_call_have_its_fields_at_every_level() {
    let echo = Echo::launch_with(|host| host.env("CVT_PLUGIN_LOG", "error")).await;
    echo.say("log:error:trouble").await.expect("a response");
    let record = echo.log(|record| record.message == "trouble").await;
    assert_eq!(record.fields["method"], "FetchSchema");
    echo.end().await;
}
