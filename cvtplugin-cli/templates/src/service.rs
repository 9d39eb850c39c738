//! The service behind the plugin. This one responds by itself: put your own requests here.

use std::future::ready;

use cvtplugin::prelude::*;
use tokio::time::timeout;

use crate::Config;

pub(crate) struct Service {
    config: Config,
}

impl Service {
    pub(crate) fn new(config: Config) -> Self {
        Self { config }
    }
    // {{#registry}}

    /// The schema of this id.
    pub(crate) async fn schema(&self, id: &str) -> Result<&'static str> {
        let found = (id == "example").then_some(include_str!("example.json"));
        self.request(found).await?.not_found("no such schema")
    }
    // {{/registry}}

    /// Tells the service something.
    pub(crate) async fn post(&self, text: String) -> Result<()> {
        tracing::info!(text, "posted");
        self.request(()).await
    }

    /// Stands for a request, and its response.
    async fn request<T>(&self, response: T) -> Result<T> {
        let url = &self.config.base_url;
        let authorized = self.config.token.is_some();
        tracing::debug!(url, authorized, "a request");
        let response = timeout(self.config.timeout, ready(response)).await;
        response.unavailable("the service did not respond in time")
    }
}
