//! Every RPC, and what becomes of errors, panics and deadlines.

use std::time::Duration;

use cvtplugin::Health;
use cvtplugin::host::Request;
use cvtplugin::prelude::*;

use crate::harness::Echo;

#[tokio::test]
async fn info_has_name_and_version() {
    let echo = Echo::launch().await;
    let info = echo.plugin.info();
    assert_eq!(
        (info.name.as_str(), info.version.as_str()),
        ("echo", "0.1.0")
    );
    assert_eq!(info.services, ["registry.v1", "events.v1"]);
    assert_eq!(
        echo.plugin.client().health().await.expect("a response"),
        Health::Serving
    );
    echo.end().await;
}

#[tokio::test]
async fn every_rpc_has_a_response() {
    let echo = Echo::launch().await;
    let plugin = &echo.plugin;
    let schema = plugin
        .fetch_schema(FetchSchemaRequest::new("any"))
        .await
        .expect("a schema");
    assert_eq!(
        schema,
        FetchSchemaResponse::new("echoed: any").resolved_version("1.0.0")
    );
    let usage = RegisterConsumerUsageRequest::new("web", "petstore", "1.0.0");
    assert!(
        plugin
            .register_consumer_usage(usage)
            .await
            .expect("a response")
            .acknowledged
    );
    let change = BreakingChangeDetectedRequest::new("petstore", "1", "2");
    assert!(
        plugin
            .on_breaking_change_detected(change)
            .await
            .expect("a response")
            .acknowledged
    );
    let failure = ValidationFailedRequest::new("petstore", "GET", "/pets");
    assert!(
        plugin
            .on_validation_failed(failure)
            .await
            .expect("a response")
            .acknowledged
    );
    echo.end().await;
}

#[tokio::test]
async fn errors_keep_code_and_message() {
    let echo = Echo::launch().await;
    for (word, code, message) in [
        ("error:5:no such schema", Code::NotFound, "no such schema"),
        ("error:14:", Code::Unavailable, ""),
        ("plainerror:just text", Code::Unknown, "just text"),
        (
            "bytes:many",
            Code::InvalidArgument,
            "invalid argument \"many\": expected a number",
        ),
    ] {
        let error = echo.say(word).await.expect_err(word);
        assert_eq!((error.code(), error.message()), (code, message), "{word}");
    }
    echo.end().await;
}

#[tokio::test]
async fn config_is_accepted_or_refused() {
    let echo = Echo::launch_with(|host| host.config("b", "2").config("a", "1")).await;
    assert_eq!(echo.say("config:a").await.expect("a response"), "1");
    echo.plugin
        .client()
        .set_config("a", "3")
        .await
        .expect("accepted");
    assert_eq!(echo.say("config:a").await.expect("a response"), "3");
    assert_eq!(echo.say("config:none").await.expect("a response"), "");
    let error = echo
        .plugin
        .set_config("reject", "v")
        .await
        .expect_err("refused");
    assert_eq!(
        (error.code(), error.message()),
        (Code::InvalidArgument, "rejected: v")
    );
    echo.end().await;
}

#[tokio::test]
async fn calls_run_concurrently() {
    let echo = Echo::launch().await;
    let calls: Vec<_> = (0..200)
        .map(|n| {
            let request = Request::new(FetchSchemaRequest::new(format!("n{n}")));
            async move { (n, request) }
        })
        .collect();
    let mut tasks = tokio::task::JoinSet::new();
    let plugin = std::sync::Arc::new(echo.plugin);
    for call in calls {
        let plugin = plugin.clone();
        tasks.spawn(async move {
            let (n, request) = call.await;
            let schema = plugin.fetch_schema(request).await.expect("a response");
            assert_eq!(schema.spec, format!("echoed: n{n}"));
        });
    }
    while let Some(task) = tasks.join_next().await {
        task.expect("the call went well");
    }
}

#[tokio::test]
async fn expired_call_is_deadline_exceeded() {
    let echo = Echo::launch().await;
    let request = Request::new(FetchSchemaRequest::new("sleep:60000"));
    let request = request.timeout(Duration::from_millis(50));
    let error = echo
        .plugin
        .fetch_schema(request)
        .await
        .expect_err("too slow");
    assert_eq!(error.code(), Code::DeadlineExceeded);
    echo.end().await;
}

#[tokio::test]
async fn metadata_is_passed_on() {
    let echo = Echo::launch().await;
    let request = Request::new(FetchSchemaRequest::new("meta")).metadata("x-trace", "42");
    let schema = echo.plugin.fetch_schema(request).await.expect("a response");
    let metadata: serde_json::Value = serde_json::from_slice(&schema.spec).expect("JSON");
    assert_eq!(metadata["x-trace"], serde_json::json!(["42"]));
    echo.end().await;
}

#[tokio::test]
async fn big_specs_arrive() {
    let echo = Echo::launch().await;
    let size = 10 * 1024 * 1024;
    let request = FetchSchemaRequest::new(format!("bytes:{size}"));
    let schema = echo.plugin.fetch_schema(request).await.expect("a spec");
    assert_eq!(schema.spec.len(), size);
    echo.end().await;
}

#[tokio::test]
async fn panic_is_survived_and_recorded() {
    let echo = Echo::launch().await;
    let error = echo.say("panic").await.expect_err("a panic");
    assert_eq!(error.code(), Code::Internal);
    assert!(!error.message().contains("echo was told"), "{error}");
    let record = echo
        .log(|record| record.fields.get("target") == Some(&"panic".into()))
        .await;
    assert_eq!(record.level, tracing::Level::ERROR);
    let location = record.fields["location"].as_str().expect("text");
    assert!(location.contains("words.rs:"), "{location}");
    let expected = format!("panicked at {location}: echo was told to panic");
    assert_eq!(record.message, expected);
    assert_eq!(record.fields["method"], "FetchSchema");
    assert_eq!(
        echo.say("alive").await.expect("a response"),
        "echoed: alive"
    );
    echo.end().await;
}

#[tokio::test]
async fn blocked_handler_delays_no_other_call() {
    let echo = Echo::launch().await;
    {
        let blocked = echo.say("block:2000");
        let others = async {
            echo.plugin.client().ping().await.expect("a pong");
            let health = echo.plugin.client().health().await;
            assert_eq!(health.expect("a response"), Health::Serving);
            assert_eq!(
                echo.say("quick").await.expect("a response"),
                "echoed: quick"
            );
        };
        tokio::pin!(blocked);
        tokio::select! {
            biased;
            _ = &mut blocked => panic!("the blocking call came first"),
            () = others => {}
        }
        assert_eq!(blocked.await.expect("a response"), "slept");
    }
    echo.end().await;
}

#[tokio::test]
async fn blocked_handler_is_warned_about_once() {
    let echo = Echo::launch().await;
    echo.say("block:1000").await.expect("a response");
    echo.say("block:1000").await.expect("a response");
    echo.say("log:info:done").await.expect("a response");
    let warning = echo
        .log(|record| record.level == tracing::Level::WARN)
        .await;
    assert!(
        warning.message.contains("FetchSchema"),
        "{}",
        warning.message
    );
    assert!(
        warning.message.contains("plain `fn`"),
        "{}",
        warning.message
    );
    echo.log(|record| record.message == "done").await;
    let logs = echo.captured.logs();
    let warnings = logs
        .iter()
        .filter(|record| record.level == tracing::Level::WARN);
    assert_eq!(warnings.count(), 1, "{logs:#?}");
    echo.end().await;
}

#[tokio::test]
#[ignore = "slow: .ci/run runs it"]
async fn timers_go_on_while_handlers_block() {
    let echo = Echo::launch().await;
    {
        let blocked = async {
            tokio::join!(
                echo.say("block:3000"),
                echo.say("block:3000"),
                echo.say("block:3000"),
                echo.say("block:3000"),
                echo.say("block:3000"),
                echo.say("block:3000"),
            )
        };
        tokio::pin!(blocked);
        tokio::select! {
            biased;
            _ = &mut blocked => panic!("the blocking calls came first"),
            slept = echo.say("sleep:100") => assert_eq!(slept.expect("a response"), "slept"),
        }
        blocked.await.0.expect("a response");
    }
    echo.end().await;
}
