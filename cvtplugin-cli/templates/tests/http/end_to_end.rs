//! The built binary, launched as CVT does it.

use cvtplugin::host::Host;
use cvtplugin::prelude::*;
use cvtplugin_http::testing::HttpServer;

const BINARY: &str = env!("CARGO_BIN_EXE_cvt-plugin-{{name}}");

#[tokio::test]
async fn binary_serves_calls_and_ends_cleanly() -> Result<(), BoxError> {
    let service = HttpServer::responding(200, "{}").await;
    let host = Host::new(BINARY).config("base_url", service.url(""));
    let plugin = host.launch().await?;
    assert_eq!(plugin.info().name, "{{name}}");
    assert_eq!(plugin.health().await?, Health::Serving);
    // {{#registry}}

    let schema = FetchSchemaRequest::new("example");
    assert_eq!(plugin.fetch_schema(schema).await?.spec, "{}");
    let usage = RegisterConsumerUsageRequest::new("web", "example", "1.0.0");
    assert!(plugin.register_consumer_usage(usage).await?.acknowledged);
    // {{/registry}}
    // {{#events}}

    let change = BreakingChangeDetectedRequest::new("example", "1.0.0", "2.0.0");
    plugin.on_breaking_change_detected(change).await?;
    let failure = ValidationFailedRequest::new("example", "GET", "/hello");
    plugin.on_validation_failed(failure).await?;
    // {{/events}}

    assert!(plugin.shutdown().await?.is_clean());
    Ok(())
}
