//! Config is delivered by the real rules.

use cvtplugin::prelude::*;
use cvtplugin::testing::{Harness, LaunchError, TestPlugin};
use cvtplugin_harness_tests::{Shelf, ShelfConfig};

async fn spec(shelf: &TestPlugin<Shelf>) -> Result<String> {
    let schema = shelf.fetch_schema(FetchSchemaRequest::new("id")).await?;
    Ok(String::from_utf8_lossy(&schema.spec).into_owned())
}

#[tokio::test]
async fn config_is_delivered_key_by_key_and_may_change() {
    let harness = Harness::plugin::<Shelf>()
        .config("spec", "a")
        .config("times", "3");
    let shelf = harness.start().await.expect("it starts");
    assert_eq!(spec(&shelf).await.expect("a response"), "aaa");
    shelf.set_config("spec", "b").await.expect("it fits");
    assert_eq!(spec(&shelf).await.expect("a response"), "bbb");
}

#[tokio::test]
async fn invalid_value_is_refused_at_its_key() {
    let harness = Harness::plugin::<Shelf>().config("times", "many");
    let error = harness.start().await.expect_err("it does not fit");
    let LaunchError::SetConfig { key, error } = error else {
        panic!("{error:?}");
    };
    assert_eq!((&*key, error.code()), ("times", Code::InvalidArgument));
}

#[tokio::test]
async fn missing_key_fails_calls_until_it_is_set() {
    let shelf = Harness::plugin::<Shelf>().start().await.expect("it starts");
    let error = spec(&shelf).await.expect_err("the spec is missing");
    assert_eq!(error.code(), Code::FailedPrecondition);
    shelf.set_config("spec", "a").await.expect("it fits");
    assert_eq!(spec(&shelf).await.expect("a response"), "a");
}

#[tokio::test]
async fn typed_config_gives_way_to_what_is_delivered() {
    let config = ShelfConfig {
        spec: "typed".to_owned(),
        times: 1,
        token: None,
    };
    let shelf = Harness::configured::<Shelf>(config).start().await;
    let shelf = shelf.expect("it starts");
    assert_eq!(spec(&shelf).await.expect("a response"), "typed");
    shelf.set_config("spec", "text").await.expect("it fits");
    assert_eq!(spec(&shelf).await.expect("a response"), "text");
}

#[tokio::test]
async fn typed_config_may_fail_the_constructor() {
    let config = ShelfConfig {
        spec: "broken".to_owned(),
        times: 1,
        token: None,
    };
    let shelf = Harness::configured::<Shelf>(config).start().await;
    let shelf = shelf.expect("it starts");
    let error = spec(&shelf).await.expect_err("it is broken");
    assert_eq!(error.message(), "the shelf is broken");
}

#[tokio::test]
async fn secrets_are_redacted() {
    let harness = Harness::plugin::<Shelf>()
        .config("spec", "a")
        .config("token", "hunter2");
    let shelf = harness.start().await.expect("it starts");
    let leak = shelf.fetch_schema(FetchSchemaRequest::new("leak")).await;
    assert_eq!(
        leak.expect_err("it says so").message(),
        "401 for [redacted]"
    );
    let record = shelf
        .captured()
        .log(|record| record.message.contains("the token"))
        .await;
    assert_eq!(record.message, "the token is [redacted]");
    assert_eq!(record.fields["token"], "[redacted]");
}
