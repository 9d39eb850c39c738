//! The plugin inside the test; `tests/hello.rs` has the built binary.

use cvtplugin::prelude::*;
use cvtplugin::testing::Harness;

use crate::Hello;

#[tokio::test]
async fn schema_other_than_petstore_is_not_found() -> Result<(), BoxError> {
    let hello = Harness::plugin::<Hello>().start().await?;
    let schema = hello.fetch_schema(FetchSchemaRequest::new("petstore"));
    assert!(schema.await?.spec.starts_with(b"{"));
    let missing = hello.fetch_schema(FetchSchemaRequest::new("zoo")).await;
    let error = missing.expect_err("no such schema");
    assert_eq!(
        (error.code(), error.message()),
        (Code::NotFound, "no such schema")
    );
    Ok(())
}

#[tokio::test]
async fn event_is_greeted_in_the_log() -> Result<(), BoxError> {
    let hello = Harness::plugin::<Hello>().start().await?;
    let failure = ValidationFailedRequest::new("petstore", "GET", "/pets/7");
    hello.on_validation_failed(failure).await?;
    let record = hello
        .captured()
        .log(|record| record.message == "hello, errors");
    assert_eq!(record.await.fields["schema"], "petstore");
    Ok(())
}
