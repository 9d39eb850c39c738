//! A plugin that is measured.

use std::path::Path;
use std::time::Duration;

use cvtplugin::BoxError;
use cvtplugin::host::RunningPlugin;
use cvtplugin::pb::handshake::v1::InfoResponse;

use super::load::Load;
use super::samples::Samples;
use crate::subject::Subject;

/// How long a call may take: a plugin is measured, and not judged.
const CALL_TIMEOUT: Duration = Duration::from_secs(60);

/// A plugin, and what was measured of it.
#[derive(Debug)]
pub(super) struct Contender {
    /// What tells it from others: its file's name, or the whole path.
    pub(super) label: String,
    pub(super) subject: Subject,
    pub(super) info: InfoResponse,
    /// The calls that it answers.
    pub(super) answered: Vec<Load>,
    pub(super) samples: Samples,
}

impl Contender {
    /// Launches a plugin for the first time, to see that it works, what it is, and which of `loads`
    /// it answers.
    pub(super) async fn meet(subject: Subject, loads: &[Load]) -> Result<Self, BoxError> {
        let binary = &subject.binary;
        let mut contender = Self {
            label: file_name(binary).unwrap_or_else(|| binary.display().to_string()),
            subject,
            info: InfoResponse::default(),
            answered: Vec::new(),
            samples: Samples::default(),
        };
        let plugin = contender.launch().await?;
        contender.info = plugin.info().clone();
        for load in loads {
            if load.is_answered(plugin.client(), plugin.info()).await {
                contender.answered.push(load.clone());
            }
        }
        contender.end(plugin).await?;
        Ok(contender)
    }

    pub(super) async fn launch(&self) -> Result<RunningPlugin, BoxError> {
        let host = self.subject.host().call_timeout(CALL_TIMEOUT);
        host.launch().await.map_err(|error| self.blame(&error))
    }

    /// Shuts the plugin down; one that has to be killed is no match for others.
    pub(super) async fn end(&self, plugin: RunningPlugin) -> Result<(), BoxError> {
        let exit = plugin.shutdown().await?;
        if exit.killed {
            let why = "it did not end when asked to, and was killed; `cvt-plugin check` says more";
            return Err(self.blame(&why));
        }
        Ok(())
    }

    /// An error that says whose it is.
    pub(super) fn blame(&self, error: &dyn std::fmt::Display) -> BoxError {
        format!("{}: {error}", self.label).into()
    }
}

/// Labels contenders of the same file name by their paths.
pub(super) fn tell_apart(contenders: &mut [Contender]) {
    if let [one, other] = contenders
        && one.label == other.label
    {
        for contender in [one, other] {
            contender.label = contender.subject.binary.display().to_string();
        }
    }
}

fn file_name(path: &Path) -> Option<String> {
    Some(path.file_name()?.to_string_lossy().into_owned())
}
