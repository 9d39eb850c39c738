//! Nothing that a plugin writes holds a secret: not its real stdout and stderr, byte by byte, not
//! its log file, and no response on its socket.

mod plugin;
mod socket;

use cvtplugin::pb::handshake::v1::{HealthRequest, InfoRequest, SetConfigRequest};
use cvtplugin::prelude::*;
use cvtplugin_testkit::http2::FETCH_SCHEMA;

use plugin::Plugin;

const INFO: &str = "/cvt.plugin.handshake.v1.PluginHandshake/Info";
const HEALTH: &str = "/cvt.plugin.handshake.v1.PluginHandshake/Health";
const SET_CONFIG: &str = "/cvt.plugin.handshake.v1.PluginHandshake/SetConfig";

/// Needs an escape in every language. Each of its words is as telling as the whole.
const TOKEN: &str = "hunter2\"\\s3cret/'\u{1f47b}t0ken";
const PIN: &str = "\tp1n\n-----\n";
const WRONG_PIN: &str = "wrong-p1n";
const PANIC_PIN: &str = "panic-p1n\n-----";

const WORDS: [&str; 5] = ["hunter2", "s3cret", "t0ken", "p1n", "-----"];

/// Fails if any byte of what came out is of a secret.
fn check(captured: &[u8]) {
    let captured = String::from_utf8_lossy(captured);
    for word in WORDS {
        if let Some(place) = captured.find(word) {
            let before = captured[..place]
                .chars()
                .rev()
                .take(400)
                .collect::<Vec<_>>();
            let before: String = before.into_iter().rev().collect();
            panic!("{word} is found after {before}");
        }
    }
}

async fn set(plugin: &mut Plugin, key: &str, value: &str) -> Result<(), Code> {
    let request = SetConfigRequest::new(key, value);
    plugin.call(SET_CONFIG, &request).await
}

async fn fetch(plugin: &mut Plugin, word: &str) -> Result<(), Code> {
    let request = FetchSchemaRequest::new(word);
    plugin.call(FETCH_SCHEMA, &request).await
}

/// A plugin with its token, ready for calls.
async fn configured() -> Plugin {
    let mut plugin = Plugin::launch().await;
    for (key, value) in [
        ("greeting", "hello"),
        ("audience", "world"),
        ("token", TOKEN),
    ] {
        assert_eq!(set(&mut plugin, key, value).await, Ok(()));
    }
    plugin
}

#[tokio::test]
async fn secrets_of_a_session_stay_inside() {
    let mut plugin = Plugin::launch().await;
    let info = plugin.call(INFO, &InfoRequest::default()).await;
    assert_eq!(info, Ok(()));
    for (key, value, code) in [
        ("audience", "world", Ok(())),
        ("token", TOKEN, Ok(())),
        ("pin", WRONG_PIN, Err(Code::InvalidArgument)),
        ("pin", PANIC_PIN, Err(Code::Internal)),
        ("pin", PIN, Ok(())),
        ("tokne", "x", Ok(())),
        ("times", "many", Err(Code::InvalidArgument)),
    ] {
        assert_eq!(set(&mut plugin, key, value).await, code, "{key}");
    }
    for (greeting, code) in [
        ("", Err(Code::FailedPrecondition)),
        ("panic with token", Err(Code::Internal)),
        ("fail with token", Err(Code::Unavailable)),
        ("hello", Ok(())),
    ] {
        assert_eq!(set(&mut plugin, "greeting", greeting).await, Ok(()));
        assert_eq!(fetch(&mut plugin, "greeting").await, code, "{greeting}");
    }
    for (word, code) in [
        ("audience", Ok(())),
        ("leak-log", Ok(())),
        ("leak-pieces", Ok(())),
        ("leak-error", Err(Code::Unavailable)),
        ("leak-pin", Err(Code::Aborted)),
        ("leak-panic", Err(Code::Internal)),
        ("nothing", Err(Code::NotFound)),
        (TOKEN, Err(Code::NotFound)),
    ] {
        assert_eq!(fetch(&mut plugin, word).await, code, "{word}");
    }
    let health = plugin.call(HEALTH, &HealthRequest::default()).await;
    assert_eq!(health, Ok(()));

    let captured = plugin.end().await;
    for known in [
        "1|1|unix|",
        "Bearer [redacted]",
        ": [redacted] makes the parser panic",
        "[redacted]\\\") makes the constructor panic",
        "with%20[redacted]",
        "secret%20key%20(not%20shown)",
        "shut down",
    ] {
        assert!(contains(&captured, known), "{known} is nowhere");
    }
    check(&captured);
}

#[tokio::test]
async fn secrets_in_a_long_line_stay_inside() {
    let mut plugin = configured().await;
    assert_eq!(fetch(&mut plugin, "leak-long").await, Ok(()));
    let captured = plugin.end().await;
    assert!(contains(&captured, "xxxx"), "the line is nowhere");
    check(&captured);
}

#[tokio::test]
async fn secrets_in_escaped_json_stay_inside() {
    let mut plugin = configured().await;
    assert_eq!(fetch(&mut plugin, "leak-json").await, Ok(()));
    let captured = plugin.end().await;
    assert!(
        contains(&captured, "Bearer [redacted]"),
        "the line is nowhere"
    );
    check(&captured);
}

fn contains(captured: &[u8], text: &str) -> bool {
    captured
        .windows(text.len())
        .any(|part| part == text.as_bytes())
}
