//! The hello plugin under a host.

use cvtplugin::host::Host;
use cvtplugin::prelude::*;

#[tokio::test]
async fn greets_as_the_readme_says() -> Result<(), BoxError> {
    let plugin = Host::new(env!("CARGO_BIN_EXE_cvt-plugin-hello"))
        .launch()
        .await?;
    assert_eq!(plugin.info().services, ["registry.v1", "events.v1"]);

    let schema = plugin
        .fetch_schema(FetchSchemaRequest::new("petstore"))
        .await?;
    let document: serde_json::Value = serde_json::from_slice(&schema.spec)?;
    assert_eq!(document["info"]["title"], "Petstore");
    let missing = plugin.fetch_schema(FetchSchemaRequest::new("other")).await;
    assert_eq!(missing.expect_err("no such schema").code(), Code::NotFound);

    let usage = RegisterConsumerUsageRequest::new("web", "petstore", "1.0.0");
    assert!(plugin.register_consumer_usage(usage).await?.acknowledged);
    let change = BreakingChangeDetectedRequest::new("petstore", "1.0.0", "2.0.0");
    assert!(
        plugin
            .on_breaking_change_detected(change)
            .await?
            .acknowledged
    );
    let failure = ValidationFailedRequest::new("petstore", "GET", "/pets/7");
    assert!(plugin.on_validation_failed(failure).await?.acknowledged);

    assert!(plugin.shutdown().await?.is_clean());
    Ok(())
}
