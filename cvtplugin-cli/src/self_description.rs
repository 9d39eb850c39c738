//! What a plugin built with cvtplugin says of itself when it is run from a shell.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use cvtplugin::BoxError;
use cvtplugin::protocol::MAGIC_COOKIE_KEY;
use serde::Deserialize;
use tokio::process::Command;
use tokio::time::timeout;

/// What is in every plugin that is built with cvtplugin: the modules that log.
const MARK: &[u8] = b"cvtplugin::";

/// How long a response may take. Plugins of other kinds may not end at once.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The part of `--info` that is of use here.
#[derive(Debug, Deserialize)]
pub(crate) struct SelfDescription {
    pub(crate) config: Vec<Key>,
}

/// A key of the config.
#[derive(Debug, Deserialize)]
pub(crate) struct Key {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) required: bool,
    #[serde(default)]
    pub(crate) secret: bool,
    #[serde(default)]
    pub(crate) description: String,
}

/// Asks a plugin for its keys; `None` for plugins that are not built with cvtplugin.
pub(crate) async fn of(binary: &Path) -> Option<SelfDescription> {
    let info = ask(binary, "--info").await.ok()?;
    serde_json::from_str(&info).ok()
}

/// Runs a plugin's binary with one option, and returns what it prints.
///
/// # Errors
///
/// If the plugin does not know the option. Plugins that are not built with cvtplugin are not run,
/// since nobody knows what they do without a host.
pub(crate) async fn ask(binary: &Path, option: &str) -> Result<String, BoxError> {
    let place = binary.display();
    let content = std::fs::read(binary).map_err(|error| format!("cannot read {place}: {error}"))?;
    if memchr::memmem::find(&content, MARK).is_none() {
        return Err(
            format!("{place} knows no {option}: expected a plugin built with cvtplugin").into(),
        );
    }
    drop(content);
    let output = Command::new(binary)
        .arg(option)
        .env_remove(MAGIC_COOKIE_KEY)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = timeout(TIMEOUT, output).await;
    let output = output.map_err(|_| format!("{place} {option} takes more than {TIMEOUT:?}"))?;
    let output = output.map_err(|error| format!("cannot run {place}: {error}"))?;
    if !output.status.success() {
        return Err(format!(
            "{place} knows no {option}: build it with a newer version of cvtplugin"
        )
        .into());
    }
    Ok(String::from_utf8(output.stdout)?)
}
