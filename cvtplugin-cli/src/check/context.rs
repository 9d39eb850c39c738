//! Runs of the plugin, one for each check.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::Deref;
use std::time::Duration;

use cvtplugin::__command::Redactor;
use cvtplugin::host::{Exit, Host, LaunchError, RunningPlugin};
use cvtplugin::pb::handshake::v1::InfoResponse;
use cvtplugin::{ExposeSecret as _, Rpc, SecretString};

use super::calls::Caller;
use super::messages;
use super::outcome::{Finding, Outcome};
use super::transcript::Captured;
use crate::self_description::Key;
use crate::services::{self, path};
use crate::target::PluginTarget;

/// The variable by which a host chooses the socket's directory.
pub(super) const SOCKET_DIR_VARIABLE: &str = "PLUGIN_UNIX_SOCKET_DIR";

/// A secret that parsers and clients refuse, such as for a header's value: their errors quote it.
pub(super) fn odd_canary(key: &str) -> SecretString {
    format!("canary-{key} \"é<&>\\ 100%/+\nof-{key}-5up3r53cr37").into()
}

/// Where the plugin is launched again and again.
pub(super) struct CheckContext {
    target: PluginTarget,
    /// The keys of its config, if the plugin says which there are.
    pub(super) keys: Vec<Key>,
    /// The secrets among the plugin's config.
    pub(super) secrets: BTreeMap<String, SecretString>,
    /// Output of a broken plugin may hold secrets; what is shown does not.
    redactor: Redactor,
    pub(super) captured: Captured,
    /// Whether the plugin can be launched at all.
    launches: Cell<bool>,
    /// Whether the plugin ends when asked to.
    ends: Cell<bool>,
}

impl CheckContext {
    /// For `target`, whose config has these `keys`; the keys `secrets`, besides those that are known
    /// to be secret, hold a made-up value unless its config has one.
    pub(super) fn new(mut target: PluginTarget, secrets: Vec<String>, keys: Vec<Key>) -> Self {
        let given = std::mem::take(&mut target.secrets)
            .into_iter()
            .chain(secrets);
        let secrets = given.map(|key| {
            let value = target.config.get(&key).cloned();
            let value = value.filter(|value| !value.expose_secret().is_empty());
            let canary = || format!("canary-{key}-5up3r53cr37").into();
            (key.clone(), value.unwrap_or_else(canary))
        });
        let secrets: BTreeMap<_, _> = secrets.collect();
        target.config.extend(secrets.clone());
        target.secrets = secrets.keys().cloned().collect();
        let redactor = target.redactor();
        for key in secrets.keys() {
            redactor.hide(key, &odd_canary(key));
        }
        Self {
            keys,
            secrets,
            redactor,
            target,
            captured: Captured::default(),
            launches: Cell::new(true),
            ends: Cell::new(true),
        }
    }

    pub(super) fn target(&self) -> &PluginTarget {
        &self.target
    }

    /// What keeps the secrets out of what is shown.
    pub(super) fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// What launches the plugin.
    pub(super) fn host(&self) -> Host {
        // Where the socket is, is the plugin's choice.
        let host = self.target.host().env_remove(SOCKET_DIR_VARIABLE);
        self.captured.by(host)
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
                self.captured.error(error.to_string());
                Err(error)
            }
        }
    }

    /// Launches the plugin.
    pub(super) async fn launch(&self) -> Result<Run, Finding> {
        self.launch_by(self.host()).await
    }

    /// Launches the plugin in another way.
    pub(super) async fn launch_by(&self, host: Host) -> Result<Run, Finding> {
        self.has_to_launch()?;
        let launched = host.launch().await;
        let again = |error: LaunchError| {
            self.captured.error(error.to_string());
            let found = format!("it started before, but not again: {error}");
            Finding::fail(found, "let every start be independent of earlier ones")
        };
        Ok(Run {
            plugin: launched.map_err(again)?,
            captured: self.captured.clone(),
            timeout: self.target.call_timeout,
        })
    }

    /// Skips what cannot be seen of a plugin that does not start.
    pub(super) fn has_to_launch(&self) -> Result<(), Finding> {
        if self.launches.get() {
            Ok(())
        } else {
            Err(Finding::skip("the plugin does not start"))
        }
    }

    /// Skips what cannot be seen of a plugin that does not end.
    pub(super) fn has_to_end(&self) -> Result<(), Finding> {
        if self.ends.get() {
            Ok(())
        } else {
            Err(Finding::skip("the plugin does not end when asked to"))
        }
    }

    /// Launches the plugin, looks at it, and ends it.
    pub(super) async fn with_plugin(&self, look: impl AsyncFnOnce(&Run) -> Outcome) -> Outcome {
        let run = self.launch().await?;
        let outcome = look(&run).await;
        self.end(run).await;
        outcome
    }

    /// Shuts the plugin down and returns its exit.
    pub(super) async fn shut_down(&self, run: Run) -> Result<Exit, Finding> {
        let exit = self.ended(run.plugin.shutdown().await)?;
        let in_time = !exit.killed && !exit.shutdown_timed_out && !exit.streams_held_open;
        self.ends.set(in_time);
        Ok(exit)
    }

    /// Takes note of how the plugin ended.
    pub(super) fn ended(&self, exit: std::io::Result<Exit>) -> Result<Exit, Finding> {
        let unseen = |error| Finding::skip(format!("its end could not be waited for: {error}"));
        let exit = exit.map_err(unseen)?;
        self.captured.at_the_end(&exit);
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
    pub(super) captured: Captured,
    /// How long a call may take, by the plugin's config.
    timeout: Option<Duration>,
}

impl Run {
    pub(super) fn caller(&self) -> Caller {
        Caller::new(
            self.plugin.client().clone(),
            self.captured.clone(),
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
    pub(super) async fn served(&self) -> Result<Rpc, Finding> {
        let caller = self.caller();
        for rpc in self.declared() {
            let response = caller.call(&path(rpc), messages::likely(rpc)).await;
            if !response.is_unimplemented() {
                return Ok(rpc);
            }
        }
        Err(Finding::skip("it serves no RPC that could be called"))
    }
}

impl Deref for Run {
    type Target = RunningPlugin;

    fn deref(&self) -> &RunningPlugin {
        &self.plugin
    }
}
