//! The plugin: a registry for CVT, and a record of what CVT finds.

use std::path::PathBuf;
use std::time::Duration;

use cvtplugin::prelude::*;

use crate::store::{Consumer, Endpoint, Store};

#[derive(PluginConfig)]
pub(crate) struct SqliteConfig {
    /// File of the registry, which is created if missing. A leading `~/` is the home directory.
    #[config(default = "~/.cvt/registry.db", parse_with = expand_home)]
    pub(crate) database: PathBuf,
    /// How long to wait for another process that writes to the registry, less than `timeout`.
    #[config(default = "3s")]
    pub(crate) busy_timeout: Duration,
}

pub(crate) struct SqliteRegistry {
    store: Store,
}

// Plain functions run where they may block, as SQLite does.
#[cvt_plugin(main = false)]
impl SqliteRegistry {
    fn new(config: SqliteConfig) -> Result<Self> {
        let store = Store::open(&config.database, config.busy_timeout)?;
        Ok(Self { store })
    }

    fn fetch_schema(&self, request: FetchSchemaRequest) -> Result<FetchSchemaResponse> {
        check_given("schema_id", &request.schema_id)?;
        let (spec, version) = self.store.schema(&request.schema_id, &request.version)?;
        Ok(FetchSchemaResponse::new(spec).resolved_version(version))
    }

    fn register_consumer_usage(&self, usage: RegisterConsumerUsageRequest) -> Result<()> {
        check_given("schema_id", &usage.schema_id)?;
        check_given("consumer_id", &usage.consumer_id)?;
        let endpoints = usage.endpoints.into_iter().map(|it| Endpoint {
            method: it.method.trim().to_uppercase(),
            path: it.path,
            used_fields: it.used_fields,
        });
        let consumer = Consumer {
            id: usage.consumer_id,
            environment: usage.environment,
            schema_version: usage.schema_version,
            registered_at: String::new(),
            endpoints: endpoints.collect(),
        };
        self.store.register(usage.schema_id, consumer)
    }

    fn on_breaking_change_detected(&self, event: BreakingChangeDetectedRequest) -> Result<()> {
        self.store.record_changes(event)
    }

    fn on_validation_failed(&self, event: ValidationFailedRequest) -> Result<()> {
        self.store.record_failure(event)
    }
}

fn check_given(name: &str, value: &str) -> Result<()> {
    if value.is_empty() {
        return Err(Error::invalid_argument(format!(
            "{name} is empty: expected an id"
        )));
    }
    Ok(())
}

/// A path as an operator writes it. CVT does not expand `~` in a config value.
pub(crate) fn expand_home(text: &str) -> Result<PathBuf, BoxError> {
    let Some(rest) = text.strip_prefix("~/") else {
        return Ok(text.into());
    };
    let home = std::env::home_dir().filter(|home| !home.as_os_str().is_empty());
    let home = home.ok_or("no home directory: set HOME, or write the path without `~`")?;
    Ok(home.join(rest))
}
