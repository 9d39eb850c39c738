//! The builder, under a host.

use std::fs;
use std::sync::{Arc, Mutex};

use cvtplugin::LogRecord;
use cvtplugin::host::{Host, LaunchError, RunningPlugin};
use cvtplugin::prelude::*;
use cvtplugin::protocol::SERVICE_REGISTRY_V1;

fn host() -> Host {
    Host::new(env!("CARGO_BIN_EXE_cvt-plugin-shop")).config("pears", "two for one")
}

/// Makes every call, and ends the plugin.
async fn call_and_end(plugin: RunningPlugin) {
    let schema = plugin.fetch_schema(FetchSchemaRequest::new("pears")).await;
    assert_eq!(schema.expect("a schema").spec, "two for one");
    let missing = plugin.fetch_schema(FetchSchemaRequest::new("plums")).await;
    let error = missing.expect_err("there are none");
    assert_eq!(
        (error.code(), error.message()),
        (Code::NotFound, "not sold here")
    );

    let usage = |consumer| {
        let usage = RegisterConsumerUsageRequest::new(consumer, "pears", "1.0.0");
        plugin.register_consumer_usage(usage)
    };
    assert!(usage("cook").await.expect("a response").acknowledged);
    assert!(!usage("thief").await.expect("a response").acknowledged);

    let exit = plugin.shutdown().await.expect("the plugin ends");
    assert!(exit.is_clean(), "{exit:?}");
}

#[tokio::test]
async fn registry_with_a_config_receiver_is_served() {
    let plugin = host().launch().await.expect("it launches");
    assert_eq!(plugin.info().services, [SERVICE_REGISTRY_V1]);
    let event = ValidationFailedRequest::new("pears", "GET", "/pears");
    let event = plugin.on_validation_failed(event).await;
    assert_eq!(
        event.expect_err("none is served").code(),
        Code::Unimplemented
    );
    call_and_end(plugin).await;
}

#[tokio::test]
async fn rejected_key_fails_the_launch() {
    let error = host().config("reject", "it").launch().await;
    let Err(LaunchError::SetConfig { key, error }) = error else {
        panic!("it is {error:?}");
    };
    assert_eq!(key, "reject");
    assert_eq!(
        (error.code(), error.message()),
        (Code::InvalidArgument, "rejected: it")
    );
}

/// What the plugin logs when served so: to its own subscriber, and to the host.
async fn logged(served: &str) -> (String, Vec<String>) {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("log");
    let records = Arc::new(Mutex::new(Vec::new()));
    let kept = records.clone();
    let keep = move |record: LogRecord| kept.lock().expect("no panic").push(record.message);
    let host = host()
        .env("SERVED", served)
        .env("SHOP_LOG", &file)
        .on_log(keep);
    call_and_end(host.launch().await.expect("it launches")).await;
    let own = fs::read_to_string(&file).unwrap_or_default();
    let records = records.lock().expect("no panic").clone();
    (own, records)
}

#[tokio::test]
async fn logger_missing_leaves_the_log_to_the_host() {
    let (own, host) = logged("plainly").await;
    assert_eq!(own, "");
    assert_eq!(
        host.iter().filter(|it| *it == "asked").count(),
        2,
        "{host:?}"
    );
}

#[tokio::test]
async fn logger_has_the_log_instead_of_the_host() {
    let (own, host) = logged("with a logger").await;
    assert_eq!(own.matches("asked id=\"pears\"").count(), 1, "{own}");
    assert!(!host.iter().any(|it| it == "asked"), "{host:?}");
}

#[tokio::test]
async fn global_subscriber_of_the_author_stays() {
    for served in ["after a subscriber", "with a logger after a subscriber"] {
        let (own, host) = logged(served).await;
        assert_eq!(
            own.matches("asked id=\"pears\"").count(),
            1,
            "{served}: {own}"
        );
        assert!(!host.iter().any(|it| it == "asked"), "{served}: {host:?}");
    }
}

#[tokio::test]
async fn runtime_around_serve_is_fine() {
    for served in ["on a thread of a runtime", "on the thread of a runtime"] {
        let plugin = host().env("SERVED", served).launch().await;
        call_and_end(plugin.expect("it launches")).await;
    }
}
