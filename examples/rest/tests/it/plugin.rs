//! The plugin under a host.

use cvtplugin::host::{Host, RunningPlugin};
use cvtplugin::prelude::*;

pub(crate) const REST: &str = env!("CARGO_BIN_EXE_cvt-plugin-rest");

pub(crate) const TOKEN: &str = "s3cr3t-t0ken";

/// The plugin, not launched yet, in an environment without proxies.
pub(crate) fn rest() -> Host {
    let host = Host::new(REST).env("RUST_BACKTRACE", "0");
    ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"]
        .into_iter()
        .fold(host, |host, name| {
            host.env_remove(name).env_remove(name.to_lowercase())
        })
}

/// The running plugin of a registry at `base_url`.
pub(crate) async fn rest_of(base_url: impl Into<String>) -> RunningPlugin {
    let host = rest().config("base_url", base_url.into());
    host.launch().await.expect("rest launches")
}

/// The same, with a token.
pub(crate) async fn rest_with_token(base_url: impl Into<String>) -> RunningPlugin {
    let host = rest().config("base_url", base_url.into());
    let host = host.config("token", TOKEN);
    host.launch().await.expect("rest launches")
}

pub(crate) async fn fetch(plugin: &RunningPlugin, id: &str) -> Result<FetchSchemaResponse> {
    plugin.fetch_schema(FetchSchemaRequest::new(id)).await
}

pub(crate) async fn fetch_error(plugin: &RunningPlugin, id: &str) -> Error {
    fetch(plugin, id).await.expect_err("no schema")
}

pub(crate) fn usage() -> RegisterConsumerUsageRequest {
    RegisterConsumerUsageRequest::new("web", "petstore", "1.0.0")
}

/// Registers a usage; the error if it was not acknowledged.
pub(crate) async fn register(plugin: &RunningPlugin) -> Result<()> {
    let response = plugin.register_consumer_usage(usage()).await?;
    assert!(response.acknowledged);
    Ok(())
}
