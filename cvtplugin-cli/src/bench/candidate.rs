//! A plugin that is measured.

use std::path::Path;
use std::time::Duration;

use cvtplugin::BoxError;
use cvtplugin::host::RunningPlugin;
use cvtplugin::pb::handshake::v1::InfoResponse;

use super::load::Load;
use super::samples::Samples;
use crate::target::PluginTarget;

/// How long a call may take: a plugin is measured, and not judged.
const CALL_TIMEOUT: Duration = Duration::from_secs(60);

/// A plugin, and what was measured of it.
#[derive(Debug)]
pub(super) struct Candidate {
    /// What distinguishes it from others: its file's name, or the whole path.
    pub(super) label: String,
    pub(super) target: PluginTarget,
    pub(super) info: InfoResponse,
    /// The calls it serves.
    pub(super) served: Vec<Load>,
    pub(super) samples: Samples,
}

impl Candidate {
    /// Launches a plugin for the first time, to see that it works, what it is, and which of `loads`
    /// it serves.
    pub(super) async fn probe(target: PluginTarget, loads: &[Load]) -> Result<Self, BoxError> {
        let binary = &target.binary;
        let mut candidate = Self {
            label: file_name(binary).unwrap_or_else(|| binary.display().to_string()),
            target,
            info: InfoResponse::default(),
            served: Vec::new(),
            samples: Samples::default(),
        };
        let plugin = candidate.launch().await?;
        candidate.info = plugin.info().clone();
        for load in loads {
            if load.is_served(plugin.client(), plugin.info()).await {
                candidate.served.push(load.clone());
            }
        }
        candidate.end(plugin).await?;
        Ok(candidate)
    }

    pub(super) async fn launch(&self) -> Result<RunningPlugin, BoxError> {
        let host = self.target.host().call_timeout(CALL_TIMEOUT);
        host.launch().await.map_err(|error| self.error(&error))
    }

    /// Shuts the plugin down; one that has to be killed is not comparable.
    pub(super) async fn end(&self, plugin: RunningPlugin) -> Result<(), BoxError> {
        let exit = plugin.shutdown().await?;
        if exit.killed {
            let why = "it did not end when asked to, and was killed; run `cvt-plugin check` on it for the details";
            return Err(self.error(&why));
        }
        Ok(())
    }

    /// An error that names the plugin.
    pub(super) fn error(&self, error: &dyn std::fmt::Display) -> BoxError {
        format!("{}: {error}", self.label).into()
    }
}

/// Labels candidates of the same file name by their paths.
pub(super) fn disambiguate(candidates: &mut [Candidate]) {
    if let [one, other] = candidates
        && one.label == other.label
    {
        for candidate in [one, other] {
            candidate.label = candidate.target.binary.display().to_string();
        }
    }
}

fn file_name(path: &Path) -> Option<String> {
    Some(path.file_name()?.to_string_lossy().into_owned())
}
