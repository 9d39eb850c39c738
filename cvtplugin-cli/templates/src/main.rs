//! A plugin for CVT: what CVT asks for, and what its user configures.

mod service;
#[cfg(test)]
mod tests;

use std::time::Duration;

use cvtplugin::prelude::*;

use service::Service;

/// That of musl is slow.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

/// What stands under `config:` in CVT's config.yaml.
#[derive(PluginConfig)]
struct Config {
    /// Base URL of the service behind this plugin.
    #[config(example = "https://service.example.com")]
    base_url: String,
    /// Sent with every request.
    token: Option<SecretString>,
    /// How long to wait for a response.
    #[config(default = "3s")]
    timeout: Duration,
}

/// The plugin. A method's name is the RPC it handles; calls run concurrently.
struct Plugin {
    service: Service,
}

#[cvt_plugin]
impl Plugin {
    /// Runs once, with the whole config.
    fn new(config: Config) -> Self {
        let service = Service::new(config);
        Self { service }
    }
    // {{#registry}}

    /// CVT wants a schema that it does not have.
    async fn fetch_schema(&self, request: FetchSchemaRequest) -> Result<FetchSchemaResponse> {
        let schema = self.service.schema(&request.schema_id).await?;
        Ok(FetchSchemaResponse::new(schema).resolved_version("1.0.0"))
    }

    /// A consumer says which endpoints of a schema it uses. May be called again with the same.
    async fn register_consumer_usage(&self, usage: RegisterConsumerUsageRequest) -> Result<()> {
        let (consumer, schema) = (usage.consumer_id, usage.schema_id);
        self.service.post(format!("{consumer} uses {schema}")).await
    }
    // {{/registry}}
    // {{#events}}

    /// A new version of a schema breaks consumers of the old one.
    async fn on_breaking_change_detected(&self, it: BreakingChangeDetectedRequest) -> Result<()> {
        let (schema, old, new) = (it.schema_id, it.old_version, it.new_version);
        let text = format!("{schema} {new} breaks consumers of {old}");
        self.service.post(text).await
    }

    /// A request or a response does not match its schema.
    async fn on_validation_failed(&self, it: ValidationFailedRequest) -> Result<()> {
        let (method, path, schema) = (it.method, it.path, it.schema_id);
        let text = format!("{method} {path} does not match {schema}");
        self.service.post(text).await
    }
    // {{/events}}
}
