//! The calls that plugins are loaded with.

use std::fmt;

use cvtplugin::host::Client;
use cvtplugin::pb::handshake::v1::InfoResponse;
use cvtplugin::prelude::*;
use cvtplugin::{Code, Rpc};
use tokio::task::JoinSet;

use crate::services;

/// The call that is made again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Load {
    FetchSchema { id: String },
    OnValidationFailed,
}

impl Load {
    /// All there are, those first that are wanted most.
    pub(super) fn all(schema: &str) -> [Self; 2] {
        let id = schema.to_owned();
        [Self::FetchSchema { id }, Self::OnValidationFailed]
    }

    /// The one of `loads` that all plugins serve: each has a name, and the loads it serves.
    pub(super) fn for_all(loads: &[Self], plugins: &[(&str, &[Self])]) -> Result<Self, BoxError> {
        let is_for_all = |load: &&Self| plugins.iter().all(|(_, served)| served.contains(load));
        loads.iter().find(is_for_all).cloned().ok_or_else(|| {
            let names: Vec<_> = plugins.iter().map(|(name, _)| *name).collect();
            let names = names.join(" and by ");
            let loads: Vec<_> = loads.iter().map(ToString::to_string).collect();
            let loads = loads.join(" nor ");
            format!("nothing to call: neither {loads} is served by {names}").into()
        })
    }

    /// Whether a plugin declares the call, and does not opt out of it.
    pub(super) async fn is_served(&self, plugin: &Client, info: &InfoResponse) -> bool {
        if !services::declares(info, self.rpc().service()) {
            return false;
        }
        let response = self.call(plugin).await;
        response.err().map(|error| error.code()) != Some(Code::Unimplemented)
    }

    fn rpc(&self) -> Rpc {
        match self {
            Self::FetchSchema { .. } => Rpc::FetchSchema,
            Self::OnValidationFailed => Rpc::OnValidationFailed,
        }
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

    fn load(plugins: &[(&str, &[Load])]) -> String {
        match Load::for_all(&Load::all("petstore"), plugins) {
            Ok(load) => load.to_string(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn load_choice_is_one_that_every_plugin_serves() {
        let [fetch, event] = Load::all("petstore");
        let loads = [fetch.clone(), event.clone()];
        let (rest, slack) = ([fetch], [event]);
        let (rest, slack) = (("rest", &rest[..]), ("slack", &slack[..]));
        let both = ("hello", &loads[..]);
        assert_eq!(load(&[both]), "FetchSchema of petstore");
        assert_eq!(load(&[rest, both]), "FetchSchema of petstore");
        assert_eq!(load(&[slack, both]), "OnValidationFailed");
        assert_eq!(
            load(&[rest, slack]),
            "nothing to call: neither FetchSchema of petstore nor OnValidationFailed is served \
             by rest and by slack"
        );
    }
}
