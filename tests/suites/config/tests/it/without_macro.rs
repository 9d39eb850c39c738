//! The derive without the other macro: a server built without the macro, under a host.

use cvtplugin::host::{Host, LaunchError};
use cvtplugin::prelude::*;

fn host() -> Host {
    Host::new(env!("CARGO_BIN_EXE_cvt-plugin-without-macro"))
}

async fn ring(host: Host) -> Error {
    let plugin = host.launch().await.expect("it launches");
    let event = ValidationFailedRequest::new("orders", "GET", "/orders");
    let response = plugin.on_validation_failed(event).await;
    response.expect_err("it fails every call")
}

#[tokio::test]
async fn config_reaches_the_calls() {
    let error = ring(host().config("url", "here").config("token", "s3cret-value")).await;
    assert_eq!(error.code(), Code::Aborted, "{error}");
    let message = error.message();
    assert!(message.starts_with("here, Some("), "{message}");
    assert!(message.ends_with(", 1 times"), "{message}");
    assert!(!message.contains("s3cret-value"), "{message}");
}

#[tokio::test]
async fn missing_key_fails_the_call() {
    let error = ring(host()).await;
    assert_eq!(error.code(), Code::FailedPrecondition);
    assert!(
        error
            .message()
            .contains("`url` (Where to ring; example: http://localhost/bell)"),
        "{error}"
    );
}

#[tokio::test]
async fn invalid_value_fails_the_start() {
    let launched = host().config("times", "often").launch().await;
    let Err(LaunchError::SetConfig { key, error }) = launched else {
        panic!("it is refused, with its key");
    };
    assert_eq!(
        (key.as_str(), error.code()),
        ("times", Code::InvalidArgument)
    );
    assert_eq!(
        error.message(),
        "invalid value \"often\": expected a whole number (How often to ring; default: 1)"
    );
}
