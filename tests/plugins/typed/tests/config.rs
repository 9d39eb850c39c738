//! The life of a typed config: delivered key by key, put together once, changed later.

use std::time::Duration;

use cvtplugin::host::{Capture, Host, LaunchError, RunningPlugin, StdStream};
use cvtplugin::prelude::*;

fn host() -> Host {
    Host::new(env!("CARGO_BIN_EXE_cvt-plugin-typed")).env("CVT_PLUGIN_LOG", "debug")
}

/// A host of a plugin that has all it needs, and what that will say.
fn configured() -> (Host, Capture) {
    let captured = Capture::default();
    let host = host()
        .config("greeting", "hello")
        .config("audience", "world")
        .capture(&captured);
    (host, captured)
}

async fn fetch(plugin: &RunningPlugin, id: &str) -> Result<String> {
    let schema = plugin.fetch_schema(FetchSchemaRequest::new(id)).await?;
    Ok(String::from_utf8(schema.spec.into()).expect("text"))
}

#[tokio::test]
async fn config_reaches_the_plugin() {
    let (host, _captured) = configured();
    let plugin = host.config("times", "2").launch().await.expect("it starts");
    assert_eq!(
        fetch(&plugin, "greeting").await.expect("a response"),
        "hellohello"
    );
    assert_eq!(
        fetch(&plugin, "audience").await.expect("a response"),
        "world"
    );
    assert!(plugin.shutdown().await.expect("an end").is_clean());
}

#[tokio::test]
async fn invalid_value_is_refused_at_its_key() {
    let error = host()
        .config("times", "many")
        .launch()
        .await
        .expect_err("refused");
    let LaunchError::SetConfig { key, error } = error else {
        panic!("{error:?}");
    };
    assert_eq!(
        (key.as_str(), error.code()),
        ("times", Code::InvalidArgument)
    );
    assert_eq!(
        error.message(),
        r#"invalid value "many": expected a whole number (How many times the greeting is repeated; default: 1)"#
    );
}

#[tokio::test]
async fn missing_keys_are_named_at_once_until_they_are_set() {
    let plugin = host().launch().await.expect("it starts");
    let error = fetch(&plugin, "greeting")
        .await
        .expect_err("not configured");
    assert_eq!(error.code(), Code::FailedPrecondition);
    for part in [
        "greeting",
        "audience",
        "What the plugin responds with",
        "config.yaml",
    ] {
        assert!(error.message().contains(part), "{part}: {error}");
    }
    plugin
        .set_config("greeting", "hello")
        .await
        .expect("accepted");
    plugin.set_config("audience", "").await.expect("accepted");
    let error = fetch(&plugin, "greeting")
        .await
        .expect_err("not configured");
    assert!(!error.message().contains("`greeting`"), "{error}");
    plugin
        .set_config("audience", "world")
        .await
        .expect("accepted");
    assert_eq!(
        fetch(&plugin, "greeting").await.expect("a response"),
        "hello"
    );
}

#[tokio::test]
async fn unknown_key_is_accepted_with_a_warning() {
    let (host, captured) = configured();
    let plugin = host
        .config("greting", "hi")
        .launch()
        .await
        .expect("it starts");
    let warning = captured
        .log(|record| record.message.contains("greeting"))
        .await;
    assert_eq!(warning.level, tracing::Level::WARN);
    assert_eq!(
        fetch(&plugin, "greeting").await.expect("a response"),
        "hello"
    );
}

#[tokio::test]
async fn concurrent_first_calls_make_one_instance() {
    let (host, _captured) = configured();
    let plugin = host
        .config("delay", "200ms")
        .launch()
        .await
        .expect("it starts");
    let (a, b, c) = tokio::join!(
        fetch(&plugin, "instance"),
        fetch(&plugin, "instance"),
        fetch(&plugin, "instance"),
    );
    for response in [a, b, c] {
        assert_eq!(response.expect("a response"), "1");
    }
}

#[tokio::test]
async fn expired_call_does_not_go_on() {
    let (host, captured) = configured();
    let plugin = host.launch().await.expect("it starts");
    let expired = cvtplugin::host::Request::new(FetchSchemaRequest::new("late"));
    let expired = expired.timeout(Duration::from_millis(50));
    let error = plugin.fetch_schema(expired).await.expect_err("too slow");
    assert_eq!(error.code(), Code::DeadlineExceeded);
    // By the end of this one the other would have gone on.
    fetch(&plugin, "sleep").await.expect("a response");
    assert!(plugin.shutdown().await.expect("an end").is_clean());
    for record in captured.logs() {
        assert_ne!(record.message, "went on");
    }
}

#[tokio::test]
async fn constructor_outlives_the_call_that_began_it() {
    let (host, _captured) = configured();
    let plugin = host
        .config("delay", "300ms")
        .launch()
        .await
        .expect("it starts");
    let impatient = cvtplugin::host::Request::new(FetchSchemaRequest::new("instance"));
    let impatient = impatient.timeout(Duration::from_millis(50));
    let error = plugin.fetch_schema(impatient).await.expect_err("too slow");
    assert_eq!(error.code(), Code::DeadlineExceeded);
    assert_eq!(fetch(&plugin, "instance").await.expect("a response"), "1");
}

#[tokio::test]
async fn constructor_that_fails_is_tried_again() {
    let (host, _captured) = configured();
    let plugin = host
        .config("greeting", "fail")
        .launch()
        .await
        .expect("it starts");
    for _ in 0..2 {
        let error = fetch(&plugin, "instance").await.expect_err("not made");
        assert_eq!(error.code(), Code::Unavailable);
        assert_eq!(error.message(), "this greeting cannot be said");
    }
    plugin
        .set_config("greeting", "panic")
        .await
        .expect("accepted");
    let error = fetch(&plugin, "instance").await.expect_err("not made");
    assert_eq!(error.code(), Code::Internal);
    plugin
        .set_config("greeting", "hello")
        .await
        .expect("accepted");
    assert_eq!(fetch(&plugin, "instance").await.expect("a response"), "4");
}

#[tokio::test]
async fn change_makes_a_new_instance_and_the_old_one_ends_after_its_last_call() {
    let (host, captured) = configured();
    let plugin = host.launch().await.expect("it starts");
    assert_eq!(fetch(&plugin, "instance").await.expect("a response"), "1");
    plugin
        .set_config("greeting", "hello")
        .await
        .expect("accepted");
    assert_eq!(fetch(&plugin, "instance").await.expect("a response"), "1");
    {
        let slow = fetch(&plugin, "sleep");
        let change = async {
            plugin.set_config("greeting", "hi").await.expect("accepted");
            assert_eq!(fetch(&plugin, "instance").await.expect("a response"), "2");
        };
        tokio::pin!(slow);
        tokio::select! {
            biased;
            _ = &mut slow => panic!("the slow call came first"),
            () = change => {}
        }
        assert_eq!(slow.await.expect("a response"), "1");
    }
    captured.log(|record| record.message == "shut down").await;
    assert!(plugin.shutdown().await.expect("an end").is_clean());
    let mut logs = captured.logs();
    logs.retain(|record| record.message == "shut down");
    let ended: Vec<_> = logs.iter().map(|record| &record.fields["number"]).collect();
    assert_eq!(ended, [1, 2]);
}

#[tokio::test]
async fn secrets_are_in_no_output() {
    const SECRET: &str = "hunter2\"\\s3cret";

    let (host, captured) = configured();
    let host = host.env("CVT_PLUGIN_LOG", "trace").config("token", SECRET);
    let plugin = host.launch().await.expect("it starts");
    let mut responses = Vec::new();
    for word in ["leak-log", "leak-error", "leak-panic", "nothing"] {
        responses.push(fetch(&plugin, word).await);
    }
    let mut all = format!("{responses:?}");
    for channel in [StdStream::Stdout, StdStream::Stderr] {
        all += &captured.printed(channel, "Bearer [redacted]\n").await;
    }
    assert!(plugin.shutdown().await.expect("an end").is_clean());
    let logs = format!("{:?}", captured.logs());
    assert!(logs.contains("Bearer [redacted]"), "{logs}");
    all += &logs;
    for secret in ["hunter2", "s3cret"] {
        assert!(!all.contains(secret), "{all}");
    }
}
