//! Starts a plugin as CVT does, up to its config, and ends it.

use std::path::Path;
use std::time::Duration;

use cvtplugin::host::{Host, LaunchError, RunningPlugin};
use cvtplugin::pb::handshake::v1::InfoResponse;
use cvtplugin::{ExposeSecret as _, Health};

use super::finding::Finding;
use super::home::LOG_FILE;
use crate::config_file::PluginEntry;

/// A plugin that has started, and what was wrong with it.
pub(super) struct Started {
    pub(super) info: InfoResponse,
    /// From the start to the response of `Info`.
    pub(super) time: Duration,
    pub(super) findings: Vec<Finding>,
}

/// Starts a plugin, delivers its config, asks for its health, and shuts it down.
///
/// # Errors
///
/// Returns why the plugin does not start.
pub(super) async fn start(
    name: &str,
    entry: &PluginEntry,
    home: &Path,
) -> Result<Started, Finding> {
    let host = Host::new(&entry.binary)
        .env("HOME", home)
        // Nothing is written.
        .env_remove(LOG_FILE)
        .call_timeout(entry.timeout)
        .on_log(drop);
    let running = host.launch().await;
    let running = running.map_err(|error| does_not_start(&error))?;
    let mut started = Started {
        info: running.info().clone(),
        time: running.info_time(),
        findings: Vec::new(),
    };
    let info_time = running.info_time().saturating_sub(running.handshake_time());
    if info_time > entry.timeout {
        started.findings.push(Finding::error(
            format!(
                "no response to Info within its timeout of {:?}",
                entry.timeout
            ),
            format!("raise plugins.{name}.timeout in config.yaml"),
        ));
    }
    configure(name, entry, &running, &mut started.findings).await;
    started.findings.extend(health(&running).await);
    let exit = running.shutdown().await;
    if exit.is_ok_and(|exit| exit.killed) {
        let found = "it does not exit within 2 s of Shutdown, and CVT kills it";
        let fix = "see `cvt-plugin check` for the details";
        started.findings.push(Finding::warning(found, fix));
    }
    Ok(started)
}

async fn configure(
    name: &str,
    entry: &PluginEntry,
    running: &RunningPlugin,
    findings: &mut Vec<Finding>,
) {
    for (key, value) in &entry.config {
        if let Err(error) = running.set_config(key, value.expose_secret()).await {
            findings.push(Finding::error(
                format!("it refuses its config: SetConfig {key:?}: {error}"),
                format!("fix plugins.{name}.config.{key} in config.yaml"),
            ));
        }
    }
}

async fn health(running: &RunningPlugin) -> Option<Finding> {
    let found = match running.health().await {
        Ok(Health::Serving) => return None,
        Ok(_) => "its health is NOT_SERVING".to_owned(),
        Err(error) => format!("its health is unknown: {error}"),
    };
    let fix = "look for what it misses, such as a service behind it";
    Some(Finding::warning(found, fix))
}

fn does_not_start(error: &LaunchError) -> Finding {
    let fix = match error {
        LaunchError::Spawn { .. } => "build the plugin for this machine, and install that",
        LaunchError::NoHandshake { .. } => {
            "CVT waits no longer than 5 s: let the plugin do slow work after its handshake"
        }
        LaunchError::Exited { .. } => "see its stderr above, which CVT does not show",
        LaunchError::BadHandshake { .. } => "let the plugin print nothing to stdout",
        LaunchError::ProtocolVersion { .. } => "use a version of the plugin for this CVT",
        _ => "run `cvt-plugin check` on the plugin",
    };
    Finding::error(format!("it does not start: {error}"), fix)
}
