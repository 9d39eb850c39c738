//! Runs of the plugin, one for each check.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::Deref;
use std::time::Duration;

use cvtplugin::host::{Exit, Host, LaunchError, RunningPlugin};
use cvtplugin::pb::handshake::v1::InfoResponse;
use cvtplugin::{ExposeSecret as _, Rpc, SecretString};

use super::calls::Caller;
use super::checks::socket::FOLDER_VARIABLE;
use super::messages;
use super::outcome::{Complaint, Outcome};
use super::transcript::Captured;
use crate::services::{self, path};
use crate::subject::Subject;

/// Where the plugin is launched again and again.
pub(super) struct Lab {
    subject: Subject,
    /// The secrets among the plugin's config.
    pub(super) secrets: BTreeMap<String, SecretString>,
    pub(super) said: Captured,
    /// Whether the plugin can be launched at all.
    launches: Cell<bool>,
    /// Whether the plugin ends when asked to.
    ends: Cell<bool>,
}

impl Lab {
    /// For `subject`; the keys `secrets`, besides those that are known to be secret, hold a made-up
    /// value unless its config has one.
    pub(super) fn new(mut subject: Subject, secrets: Vec<String>) -> Self {
        let given = std::mem::take(&mut subject.secrets)
            .into_iter()
            .chain(secrets);
        let secrets = given.map(|key| {
            let value = subject.config.get(&key).cloned();
            let value = value.filter(|value| !value.expose_secret().is_empty());
            let canary = || format!("canary-{key}-5up3r53cr37").into();
            (key.clone(), value.unwrap_or_else(canary))
        });
        let secrets: BTreeMap<_, _> = secrets.collect();
        subject.config.extend(secrets.clone());
        subject.secrets = secrets.keys().cloned().collect();
        Self {
            secrets,
            subject,
            said: Captured::default(),
            launches: Cell::new(true),
            ends: Cell::new(true),
        }
    }

    pub(super) fn subject(&self) -> &Subject {
        &self.subject
    }

    /// What launches the plugin.
    pub(super) fn host(&self) -> Host {
        // Where the socket is, is the plugin's choice.
        let host = self.subject.host().env_remove(FOLDER_VARIABLE);
        self.said.by(host)
    }

    /// Launches the plugin for the first time. If that fails, nothing else can be seen.
    pub(super) async fn launch_first(&self) -> Result<InfoResponse, LaunchError> {
        match self.host().launch().await {
            Ok(plugin) => {
                let info = plugin.info().clone();
                // How it ends, the checks of endings see.
                let _ = self.ended(plugin.kill().await);
                Ok(info)
            }
            Err(error) => {
                self.launches.set(false);
                self.said.error(error.to_string());
                Err(error)
            }
        }
    }

    /// Launches the plugin.
    pub(super) async fn launch(&self) -> Result<Run, Complaint> {
        self.launch_by(self.host()).await
    }

    /// Launches the plugin in another way.
    pub(super) async fn launch_by(&self, host: Host) -> Result<Run, Complaint> {
        self.has_to_launch()?;
        let launched = host.launch().await;
        let again = |error: LaunchError| {
            self.said.error(error.to_string());
            let found = format!("it started before, but not again: {error}");
            Complaint::fails(found, "let every start be independent of earlier ones")
        };
        Ok(Run {
            plugin: launched.map_err(again)?,
            said: self.said.clone(),
            timeout: self.subject.call_timeout,
        })
    }

    /// Skips what cannot be seen of a plugin that does not start.
    pub(super) fn has_to_launch(&self) -> Result<(), Complaint> {
        if self.launches.get() {
            Ok(())
        } else {
            Err(Complaint::skipped("the plugin does not start"))
        }
    }

    /// Skips what cannot be seen of a plugin that does not end.
    pub(super) fn has_to_end(&self) -> Result<(), Complaint> {
        if self.ends.get() {
            Ok(())
        } else {
            Err(Complaint::skipped("the plugin does not end when asked to"))
        }
    }

    /// Launches the plugin, looks at it, and ends it.
    pub(super) async fn look(&self, look: impl AsyncFnOnce(&Run) -> Outcome) -> Outcome {
        let run = self.launch().await?;
        let outcome = look(&run).await;
        self.end(run).await;
        outcome
    }

    /// Asks the plugin to end, and says how it did.
    pub(super) async fn shut_down(&self, run: Run) -> Result<Exit, Complaint> {
        let exit = self.ended(run.plugin.shutdown().await)?;
        let in_time = !exit.killed && !exit.shutdown_unanswered && !exit.streams_held_open;
        self.ends.set(in_time);
        Ok(exit)
    }

    /// Takes note of how the plugin ended.
    pub(super) fn ended(&self, exit: std::io::Result<Exit>) -> Result<Exit, Complaint> {
        let unseen =
            |error| Complaint::skipped(format!("its end could not be waited for: {error}"));
        let exit = exit.map_err(unseen)?;
        self.said.at_the_end(&exit);
        Ok(exit)
    }

    /// Ends the plugin: by asking, unless that is known to take long.
    pub(super) async fn end(&self, run: Run) {
        let exit = if self.ends.get() {
            run.plugin.shutdown().await
        } else {
            run.plugin.kill().await
        };
        // How it ends, the checks of endings see.
        let _ = self.ended(exit);
    }
}

/// The plugin, running.
pub(super) struct Run {
    pub(super) plugin: RunningPlugin,
    pub(super) said: Captured,
    /// How long a call may take, by the plugin's config.
    timeout: Option<Duration>,
}

impl Run {
    pub(super) fn caller(&self) -> Caller {
        Caller::new(
            self.plugin.client().clone(),
            self.said.clone(),
            self.timeout,
        )
    }

    /// The RPCs whose service the plugin declares.
    pub(super) fn declared(&self) -> impl Iterator<Item = Rpc> {
        services::declared(self.info())
    }

    pub(super) fn declares(&self, service: &str) -> bool {
        services::declares(self.info(), service)
    }

    /// An RPC that the plugin declares and does not opt out of.
    pub(super) async fn served(&self) -> Result<Rpc, Complaint> {
        let caller = self.caller();
        for rpc in self.declared() {
            let answer = caller.call(&path(rpc), messages::likely(rpc)).await;
            if !answer.is_unimplemented() {
                return Ok(rpc);
            }
        }
        Err(Complaint::skipped("it serves no RPC that could be called"))
    }
}

impl Deref for Run {
    type Target = RunningPlugin;

    fn deref(&self) -> &RunningPlugin {
        &self.plugin
    }
}
