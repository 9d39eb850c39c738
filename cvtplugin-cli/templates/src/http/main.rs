//! A plugin for CVT: what CVT asks for, and what its user configures.

mod service;
#[cfg(test)]
mod tests;

use cvtplugin::prelude::*;
use cvtplugin_http::{Url, http_url};
use serde_json::json;

use service::Service;

/// That of musl is slow.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

/// What stands under `config:` in CVT's config.yaml.
#[derive(PluginConfig)]
struct Config {
    /// Base URL of the service behind this plugin.
    #[config(example = "https://service.example.com", parse_with = http_url)]
    base_url: Url,
    /// Sent with every request.
    token: Option<SecretString>,
}

/// The plugin. A method's name is the RPC it handles; calls run concurrently.
struct Plugin {
    service: Service,
}

#[cvt_plugin]
impl Plugin {
    /// Runs once, with the whole config.
    fn new(config: Config) -> Result<Self> {
        let service = Service::new(config)?;
        Ok(Self { service })
    }
    // {{#registry}}

    /// CVT wants a schema that it does not have.
    async fn fetch_schema(
        &self,
        ctx: Context,
        request: FetchSchemaRequest,
    ) -> Result<FetchSchemaResponse> {
        self.service.schema(&ctx, &request.schema_id).await
    }

    /// A consumer says which endpoints of a schema it uses. May be called again with the same.
    async fn register_consumer_usage(
        &self,
        ctx: Context,
        usage: RegisterConsumerUsageRequest,
    ) -> Result<()> {
        let body = json!({
            "consumer": usage.consumer_id,
            "schema": usage.schema_id,
            "version": usage.schema_version,
        });
        self.service.post(&ctx, "consumers", &body).await
    }
    // {{/registry}}
    // {{#events}}

    /// A new version of a schema breaks consumers of the old one.
    async fn on_breaking_change_detected(
        &self,
        ctx: Context,
        it: BreakingChangeDetectedRequest,
    ) -> Result<()> {
        let body = json!({
            "schema": it.schema_id,
            "old": it.old_version,
            "new": it.new_version,
        });
        self.service.post(&ctx, "breaking-changes", &body).await
    }

    /// A request or a response does not match its schema.
    async fn on_validation_failed(&self, ctx: Context, it: ValidationFailedRequest) -> Result<()> {
        let body = json!({
            "schema": it.schema_id,
            "method": it.method,
            "path": it.path,
        });
        self.service.post(&ctx, "failures", &body).await
    }
    // {{/events}}
}
