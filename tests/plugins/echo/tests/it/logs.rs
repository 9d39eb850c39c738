//! What the host reads of the plugin's log.

use cvtplugin::LogRecord;
use tracing::Level;

use crate::harness::Echo;

#[tokio::test]
async fn records_keep_level_message_and_fields() {
    let echo = Echo::launch_with(|host| host.env("CVT_PLUGIN_LOG", "trace")).await;
    for (name, level) in [
        ("trace", Level::TRACE),
        ("debug", Level::DEBUG),
        ("info", Level::INFO),
        ("warn", Level::WARN),
        ("error", Level::ERROR),
    ] {
        let text = format!("said at {name}");
        echo.say(format!("log:{name}:{text}"))
            .await
            .expect("a response");
        let record = echo.log(|record| record.message == text).await;
        assert_eq!(record.level, level);
        assert_eq!(record.module, "echo");
        assert_eq!(record.fields["target"], "cvt_plugin_echo::words");
        assert_eq!(record.fields["k"], "v");
        assert_eq!(record.fields["n"], 7);
        // Of the call around it.
        assert_eq!(record.fields["method"], "FetchSchema");
        assert_eq!(record.timestamp.len(), "2026-11-22T13:04:05.000000Z".len());
    }
    echo.end().await;
}

#[tokio::test]
async fn fields_by_the_names_of_the_hosts_own_keys_are_renamed() {
    let echo = Echo::launch().await;
    echo.say("fields:hostile").await.expect("a response");
    let record = echo.log(|record| record.message == "hostile").await;
    assert_eq!(record.level, Level::INFO);
    assert_eq!(record.timestamp.len(), "2026-11-22T13:04:05.000000Z".len());
    let renamed =
        ["field_message", "field_level", "field_timestamp"].map(|key| record.fields.get(key));
    assert_eq!(
        renamed,
        [Some(&42.into()), Some(&7.into()), Some(&"x".into())]
    );
    echo.end().await;
}

#[tokio::test]
async fn debug_is_left_out_by_default() {
    let echo = Echo::launch_with(|host| host.env_remove("CVT_PLUGIN_LOG")).await;
    echo.say("log:debug:unheard").await.expect("a response");
    echo.say("log:info:heard").await.expect("a response");
    let is_either = |record: &LogRecord| record.message.ends_with("heard");
    let first = echo.log(is_either).await;
    assert_eq!(first.message, "heard");
    echo.end().await;
}

#[tokio::test]
async fn served_rpcs_are_logged_at_debug() {
    let echo = Echo::launch_with(|host| host.env("CVT_PLUGIN_LOG", "debug")).await;
    let record = echo.log(|record| record.message == "serving").await;
    assert_eq!(record.level, Level::DEBUG);
    let rpcs = r#"["FetchSchema", "RegisterConsumerUsage", "OnBreakingChangeDetected", "OnValidationFailed"]"#;
    assert_eq!(record.fields["rpcs"], rpcs);
    echo.end().await;
}

#[tokio::test]
async fn task_records_are_logged() {
    let echo = Echo::launch_with(|host| host.env("ECHO_TICK_MS", "10")).await;
    let mut last = String::new();
    for _ in 0..3 {
        let next = |record: &LogRecord| record.message == "tick" && record.timestamp > last;
        last = echo.log(next).await.timestamp;
    }
    echo.end().await;
}

#[tokio::test]
async fn log_file_gets_all_records() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("plugin.log");
    let echo = Echo::launch_with(|host| host.env("CVT_PLUGIN_LOG_FILE", &path)).await;
    echo.say("log:info:kept").await.expect("a response");
    echo.end().await;
    let text = std::fs::read_to_string(&path).expect("the file is there");
    assert!(text.contains(r#""@message":"kept""#), "{text}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = path.metadata().expect("metadata").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[tokio::test]
async fn filter_that_is_invalid_is_warned_about() {
    let echo = Echo::launch_with(|host| host.env("CVT_PLUGIN_LOG", "a=loud")).await;
    let record = echo.log(|record| record.level == Level::WARN).await;
    assert!(
        record.message.contains("CVT_PLUGIN_LOG"),
        "{}",
        record.message
    );
    echo.end().await;
}

#[tokio::test]
async fn failed_call_is_warned_about() {
    let echo = Echo::launch().await;
    echo.say("error:14:the backend is down")
        .await
        .expect_err("an error");
    let record = echo.log(|record| record.level == Level::WARN).await;
    assert_eq!(record.message, "the backend is down");
    assert_eq!(record.fields["code"], "Unavailable");
    assert_eq!(record.fields["method"], "FetchSchema");
    echo.end().await;
}
