//! The calls that plugins are loaded with.

use std::fmt;

use cvtplugin::host::Client;
use cvtplugin::pb::handshake::v1::InfoResponse;
use cvtplugin::prelude::*;
use cvtplugin::{SERVICE_EVENTS_V1, SERVICE_REGISTRY_V1};
use tokio::task::JoinSet;

/// The call that is made again and again.
#[derive(Clone, Debug)]
pub(super) enum Load {
    FetchSchema { id: String },
    OnValidationFailed,
}

impl Load {
    /// A call that all `plugins` answer.
    pub(super) fn for_all(plugins: &[&InfoResponse], schema: &str) -> Result<Self, BoxError> {
        let declared = |service| plugins.iter().all(|it| it.services.contains(&service));
        if declared(SERVICE_REGISTRY_V1.to_owned()) {
            let id = schema.to_owned();
            return Ok(Self::FetchSchema { id });
        }
        if declared(SERVICE_EVENTS_V1.to_owned()) {
            return Ok(Self::OnValidationFailed);
        }
        let names: Vec<_> = plugins.iter().map(|it| it.name.as_str()).collect();
        let names = names.join(" and by ");
        Err(format!("nothing to call: no service of CVT's is declared by {names}").into())
    }

    /// Makes `calls` calls, shared out among `callers`.
    pub(super) async fn run(&self, plugin: &Client, calls: u32, callers: u32) -> Result<()> {
        let mut running = JoinSet::new();
        for caller in 0..callers {
            let share = calls / callers + u32::from(caller < calls % callers);
            running.spawn(self.clone().repeat(plugin.clone(), share));
        }
        while let Some(outcome) = running.join_next().await {
            outcome.map_err(|error| Error::internal(error.to_string()))??;
        }
        Ok(())
    }

    async fn repeat(self, plugin: Client, times: u32) -> Result<()> {
        for _ in 0..times {
            self.call(&plugin).await?;
        }
        Ok(())
    }

    /// Makes one call.
    pub(super) async fn call(&self, plugin: &Client) -> Result<()> {
        match self {
            Self::FetchSchema { id } => fetch(plugin, id).await,
            Self::OnValidationFailed => {
                let event = ValidationFailedRequest::new("petstore", "GET", "/pets");
                plugin.on_validation_failed(event).await.map(drop)
            }
        }
    }
}

/// Fetches a schema, and drops it.
pub(super) async fn fetch(plugin: &Client, id: &str) -> Result<()> {
    let schema = plugin.fetch_schema(FetchSchemaRequest::new(id)).await;
    schema.map(drop)
}

/// As in "`FetchSchema` of petstore".
impl fmt::Display for Load {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FetchSchema { id } => write!(f, "FetchSchema of {id}"),
            Self::OnValidationFailed => f.write_str("OnValidationFailed"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plugin(name: &str, services: &[&str]) -> InfoResponse {
        let mut info = InfoResponse::default();
        info.name = name.into();
        info.services = services.iter().map(|&service| service.into()).collect();
        info
    }

    fn load(plugins: &[&InfoResponse]) -> String {
        match Load::for_all(plugins, "petstore") {
            Ok(load) => load.to_string(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn the_call_is_one_that_all_answer() {
        let registry = plugin("rest", &["registry.v1"]);
        let events = plugin("slack", &["events.v1"]);
        let both = plugin("hello", &["registry.v1", "events.v1"]);
        assert_eq!(load(&[&both]), "FetchSchema of petstore");
        assert_eq!(load(&[&registry, &both]), "FetchSchema of petstore");
        assert_eq!(load(&[&events, &both]), "OnValidationFailed");
        assert_eq!(
            load(&[&registry, &events]),
            "nothing to call: no service of CVT's is declared by rest and by slack"
        );
    }
}
