//! A plugin whose author calls cvtplugin by another name.

use renamed::prelude::*;

struct Renamed(RenamedConfig);

/// Its manifest says what it calls it.
#[derive(PluginConfig)]
struct RenamedConfig {
    /// What is not there.
    #[config(default = "nothing")]
    missing: String,
}

// Said here, and not above.
#[cvt_plugin(crate = "::renamed")]
impl Renamed {
    fn new(config: RenamedConfig) -> Self {
        Self(config)
    }

    async fn fetch_schema(&self, request: FetchSchemaRequest) -> Result<FetchSchemaResponse> {
        Err(Error::not_found(format!(
            "{}: {}",
            request.schema_id, self.0.missing
        )))
    }

    fn register_consumer_usage(&self, _: RegisterConsumerUsageRequest) -> Result<()> {
        Ok(())
    }

    fn health(&self) -> Health {
        Health::Serving
    }
}
