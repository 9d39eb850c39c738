//! How a plugin ends.

use cvtplugin::prelude::*;
use cvtplugin_testkit::process::{Signal, signal};
use cvtplugin_testkit::wait::TIMEOUT;
use tokio::time::timeout;

use crate::harness::{ECHO, Echo, SHELL, say};

fn process_id(echo: &Echo) -> u32 {
    echo.plugin.process_id()
}

#[tokio::test]
async fn calls_in_flight_get_responses_before_the_end() {
    let echo = Echo::launch().await;
    {
        let call = echo.say("sleep:1000");
        tokio::pin!(call);
        // Requests arrive in order: the call is in flight once a later one has its response.
        tokio::select! {
            biased;
            _ = &mut call => panic!("it slept too little"),
            pong = echo.plugin.client().ping() => pong.expect("a pong"),
        }
        signal(process_id(&echo), Signal::TERM);
        assert_eq!(call.await.expect("a response"), "slept");
    }
    echo.ended().await;
}

#[tokio::test]
async fn signals_end_it_gracefully() {
    // SIGHUP is ignored where the tests run under nohup.
    let script = format!("exec env --default-signal=HUP '{ECHO}'");
    for end in [Signal::TERM, Signal::HUP] {
        let echo = Echo::launch_binary(SHELL, |host| host.env("LAUNCH", &script)).await;
        signal(process_id(&echo), end);
        echo.ended().await;
    }
}

#[tokio::test]
async fn ctrl_c_is_ignored() {
    let echo = Echo::launch().await;
    signal(process_id(&echo), Signal::INT);
    assert_eq!(
        echo.say("alive").await.expect("a response"),
        "echoed: alive"
    );
    echo.end().await;
}

#[tokio::test]
async fn endless_handler_does_not_delay_the_end() {
    let echo = Echo::launch().await;
    let process_id = process_id(&echo);
    let plugin = echo.plugin;
    let stuck = say(&plugin, "block:60000");
    let other = async {
        while say(&plugin, "alive").await.is_err() {}
        signal(process_id, Signal::TERM);
    };
    let (stuck, ()) = timeout(TIMEOUT, async { tokio::join!(stuck, other) })
        .await
        .expect("the end comes within its budget");
    assert_eq!(stuck.expect_err("given up").code(), Code::Unavailable);
    let exit = plugin.wait(TIMEOUT).await.expect("echo can be waited for");
    assert!(exit.is_clean(), "{exit:?}");
}

#[tokio::test]
async fn calls_after_the_end_are_unavailable() {
    let echo = Echo::launch().await;
    let client = echo.plugin.client().clone();
    echo.end().await;
    for _ in 0..2 {
        let error = client.ping().await.expect_err("it has ended");
        assert_eq!(error.code(), Code::Unavailable, "{error}");
        let error = client.fetch_schema(FetchSchemaRequest::new("late")).await;
        assert_eq!(error.expect_err("it has ended").code(), Code::Unavailable);
    }
}

#[tokio::test]
async fn leftover_socket_is_removed() {
    let echo = Echo::launch().await;
    let socket = echo.plugin.socket().expect("a Unix socket").to_owned();
    // No other end leaves more behind.
    signal(process_id(&echo), Signal::KILL);
    let exit = echo.plugin.wait(TIMEOUT).await;
    let exit = exit.expect("echo can be waited for");
    assert!(exit.socket_left && !exit.killed, "{exit:?}");
    assert!(!exit.is_clean(), "{exit:?}");
    assert!(!socket.exists(), "the socket is still there");
}

#[tokio::test]
async fn host_death_ends_the_plugin() {
    use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};

    // A shell is the host: it starts echo, which writes its line to the shell's stdout.
    let mut host = tokio::process::Command::new("sh")
        .args(["-c", "\"$0\" & wait", ECHO])
        .env("CVT_PLUGIN_MAGIC_COOKIE", "cvt-plugin-v1")
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("a shell");
    let mut stdout = BufReader::new(host.stdout.take().expect("a pipe"));
    let mut line = String::new();
    stdout.read_line(&mut line).await.expect("a handshake line");
    let socket = line.split('|').nth(3).expect("an address").to_owned();
    host.kill().await.expect("the shell can be killed");
    // The end of the stream says that nobody holds it any more, echo among them.
    let mut rest = String::new();
    let ended = timeout(TIMEOUT, stdout.read_to_string(&mut rest)).await;
    ended.expect("echo ends").expect("the stream can be read");
    assert_eq!(rest, "");
    assert!(
        !std::path::Path::new(&socket).exists(),
        "the socket is still there"
    );
}
