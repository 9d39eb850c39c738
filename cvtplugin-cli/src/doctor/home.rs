//! The home directory that CVT takes everything from, and the environment.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};

use cvtplugin::BoxError;
use nix::unistd::{AccessFlags, access};

use super::finding::Finding;
use crate::config_file;

/// Turns all plugins off.
const DISABLE: &str = "CVT_DISABLE_PLUGINS";

/// Where plugins built with this SDK write their log, besides their host.
pub(super) const LOG_FILE: &str = "CVT_PLUGIN_LOG_FILE";

/// A user's home directory.
#[derive(Debug)]
pub(super) struct Home(PathBuf);

impl Home {
    /// The given directory, or that of this process's user.
    ///
    /// # Errors
    ///
    /// Returns an error if `HOME` is not set: CVT then runs no plugin.
    pub(super) fn find(dir: Option<PathBuf>) -> Result<Self, BoxError> {
        let dir = dir.or_else(|| {
            let home = std::env::var_os("HOME")?;
            Some(PathBuf::from(home)).filter(|home| !home.as_os_str().is_empty())
        });
        let dir = dir.ok_or("HOME is not set: CVT then runs no plugin; set it, or give --home")?;
        Ok(Self(config_file::clean(&std::path::absolute(dir)?)))
    }

    pub(super) fn dir(&self) -> &Path {
        &self.0
    }

    pub(super) fn config_file(&self) -> PathBuf {
        self.0.join(".cvt/config.yaml")
    }

    pub(super) fn plugins_dir(&self) -> PathBuf {
        self.0.join(".cvt/plugins")
    }

    pub(super) fn state_file(&self) -> PathBuf {
        self.plugins_dir().join("state.json")
    }

    /// A variable of the environment, as it would be in this home.
    pub(super) fn variable(&self, name: &str) -> Option<String> {
        match name {
            "HOME" => Some(self.0.to_string_lossy().into_owned()),
            _ => config_file::variable(name),
        }
    }
}

/// Whether what plugins log goes nowhere.
pub(super) fn is_log_dropped() -> bool {
    std::env::var_os(LOG_FILE).is_none()
}

/// What the environment does to all plugins.
pub(super) fn check_environment() -> Vec<Finding> {
    let mut findings = Vec::new();
    if std::env::var_os(DISABLE).is_some_and(|value| value == "1") {
        let found = format!("{DISABLE}=1 is set: CVT runs no plugin");
        findings.push(Finding::error(found, format!("unset {DISABLE}")));
    }
    findings.push(match std::env::var_os(LOG_FILE) {
        None => Finding::note(
            "CVT drops the logs of plugins",
            format!("set {LOG_FILE}=/path for plugins built with cvtplugin to write theirs there"),
        ),
        Some(path) => check_log_file(Path::new(&path)),
    });
    findings
}

/// Whether plugins can write their log to a file; nothing is written.
fn check_log_file(path: &Path) -> Finding {
    let path = match path.strip_prefix("~") {
        Ok(rest) => std::env::home_dir().unwrap_or_default().join(rest),
        Err(_) => path.to_path_buf(),
    };
    let opened = if path.exists() {
        OpenOptions::new().append(true).open(&path).map(drop)
    } else {
        let mut parents = path.ancestors().skip(1);
        let parent = parents.find(|it| it.exists() || it.as_os_str().is_empty());
        let parent = parent.filter(|it| !it.as_os_str().is_empty());
        let may = AccessFlags::W_OK | AccessFlags::X_OK;
        access(parent.unwrap_or(Path::new(".")), may).map_err(Into::into)
    };
    match opened {
        Ok(()) => Finding::ok(format!("plugins log to {}", path.display())),
        Err(error) => Finding::warning(
            format!("plugins cannot log to {}: {error}", path.display()),
            format!("set {LOG_FILE} to a file that they can write"),
        ),
    }
}
