//! What consumers use.

use cvtplugin::host::RunningPlugin;
use cvtplugin::prelude::*;

/// A usage of `GET /pets/{id}` of `pets` 1.0.0 that reads these fields.
pub(crate) fn reading(consumer: &str, fields: &[&str]) -> RegisterConsumerUsageRequest {
    let endpoint = EndpointUsage::new("GET", "/pets/{id}").used_fields(fields.iter().copied());
    RegisterConsumerUsageRequest::new(consumer, "pets", "1.0.0").endpoints([endpoint])
}

/// Registers a usage; the error if it was not acknowledged.
pub(crate) async fn register(
    plugin: &RunningPlugin,
    usage: RegisterConsumerUsageRequest,
) -> Result<()> {
    let response = plugin.register_consumer_usage(usage).await?;
    assert!(response.acknowledged);
    Ok(())
}
