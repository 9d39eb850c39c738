//! What a plugin built with cvtplugin knows of its config: its own `--info`.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use cvtplugin::protocol::MAGIC_COOKIE_KEY;
use serde::Deserialize;
use tokio::process::Command;
use tokio::time::timeout;

/// What is in every plugin that is built with cvtplugin: the modules that log.
const MARK: &[u8] = b"cvtplugin::";

/// How long `--info` may take. Plugins of other kinds may not end at once.
const TIMEOUT: Duration = Duration::from_secs(2);

/// The part of `--info` that is of use here.
#[derive(Debug, Deserialize)]
pub(super) struct SelfDescription {
    pub(super) config: Vec<Key>,
}

/// A key of the config.
#[derive(Debug, Deserialize)]
pub(super) struct Key {
    pub(super) name: String,
    #[serde(default)]
    pub(super) required: bool,
    #[serde(default)]
    pub(super) secret: bool,
    #[serde(default)]
    pub(super) description: String,
}

/// Asks a plugin for its keys; `None` for plugins that are not built with cvtplugin. These are not
/// run, since nobody knows what they do without a host.
pub(super) async fn of(binary: &Path) -> Option<SelfDescription> {
    let content = std::fs::read(binary).ok()?;
    memchr::memmem::find(&content, MARK)?;
    drop(content);
    let output = Command::new(binary)
        .arg("--info")
        .env_remove(MAGIC_COOKIE_KEY)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = timeout(TIMEOUT, output).await.ok()?.ok()?;
    serde_json::from_slice(&output.stdout).ok()
}
