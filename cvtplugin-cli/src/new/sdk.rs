//! Where a new project gets cvtplugin from: its Cargo.toml and its workflows say the same.

use std::path::PathBuf;

use clap::Args;
use cvtplugin::BoxError;
use serde_json::Value;

use crate::terminal::quoted;

/// Which cvtplugin to depend on.
#[derive(Debug, Args)]
pub(super) struct SdkArguments {
    /// Depend on the cvtplugin of a git repository instead of a published one.
    #[arg(
        long = "cvtplugin-git",
        value_name = "URL",
        conflicts_with = "sdk_path"
    )]
    git: Option<String>,

    /// Which commit, tag or branch of that repository.
    #[arg(long = "cvtplugin-rev", value_name = "REV", requires = "git")]
    rev: Option<String>,

    /// Depend on the cvtplugin in this directory: for work on cvtplugin itself.
    ///
    /// The project's workflows look for it there, too.
    #[arg(
        id = "sdk_path",
        long = "cvtplugin-path",
        value_name = "DIR",
        hide_short_help = true
    )]
    path: Option<PathBuf>,
}

/// Where cvtplugin is.
pub(super) enum Sdk {
    Published,
    Git {
        url: String,
        rev: Option<String>,
    },
    /// A directory with the directories of all crates.
    Path(PathBuf),
}

impl SdkArguments {
    /// Looks for what the arguments name.
    ///
    /// # Errors
    ///
    /// Returns an error if a directory is not cvtplugin's.
    pub(super) fn find(&self) -> Result<Sdk, BoxError> {
        if let Some(url) = self.git.clone() {
            let rev = self.rev.clone();
            return Ok(Sdk::Git { url, rev });
        }
        let Some(directory) = &self.path else {
            return Ok(Sdk::Published);
        };
        let shown = directory.display();
        let found = directory.canonicalize();
        let found = found.map_err(|error| format!("--cvtplugin-path {shown}: {error}"))?;
        let roots = [Some(found.as_path()), found.parent()];
        let mut roots = roots.into_iter().flatten();
        let root = roots.find(|root| root.join("cvtplugin/Cargo.toml").exists());
        match root {
            Some(root) => Ok(Sdk::Path(root.to_owned())),
            None => Err(format!("--cvtplugin-path {shown}: expected the crate cvtplugin").into()),
        }
    }
}

impl Sdk {
    /// How a Cargo.toml depends on one of the crates.
    pub(super) fn dependency(&self, name: &str) -> String {
        match self {
            Self::Published => format!("version = {}", toml(env!("CARGO_PKG_VERSION"))),
            Self::Git { url, rev: None } => format!("git = {}", toml(url)),
            Self::Git {
                url,
                rev: Some(rev),
            } => {
                format!("git = {}, rev = {}", toml(url), toml(rev))
            }
            Self::Path(root) => {
                let path = root.join(name);
                format!("path = {}", toml(&path.to_string_lossy()))
            }
        }
    }

    /// The command that installs `cvt-plugin`.
    pub(super) fn install_command(&self) -> String {
        let install = "cargo install --locked";
        match self {
            Self::Published => {
                format!(
                    "{install} cvtplugin-cli --version {}",
                    env!("CARGO_PKG_VERSION")
                )
            }
            Self::Git { url, rev } => {
                let rev = rev.as_deref();
                let rev = rev.map(|rev| format!(" --rev {}", quoted(rev)));
                let rev = rev.unwrap_or_default();
                format!("{install} --git {}{rev} cvtplugin-cli", quoted(url))
            }
            Self::Path(root) => {
                let path = root.join("cvtplugin-cli");
                format!("{install} --path {}", quoted(&path.to_string_lossy()))
            }
        }
    }

    /// The path of all crates, if they are on this machine, as a shell takes it.
    pub(super) fn quoted_path(&self) -> Option<String> {
        match self {
            Self::Path(root) => Some(quoted(&root.to_string_lossy())),
            _ => None,
        }
    }
}

/// A string of TOML, whose basic strings are written like those of JSON.
fn toml(text: &str) -> String {
    Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::Sdk;

    #[test]
    fn sdk_source_is_the_same_in_manifest_and_workflow() {
        let url = "https://git.example.com/cvtplugin".to_owned();
        let rev = Some("v0.1.0".to_owned());
        for (sdk, dependency, install) in [
            (
                Sdk::Git {
                    url: url.clone(),
                    rev: None,
                },
                "git = \"https://git.example.com/cvtplugin\"",
                "--git 'https://git.example.com/cvtplugin' cvtplugin-cli",
            ),
            (
                Sdk::Git { url, rev },
                "git = \"https://git.example.com/cvtplugin\", rev = \"v0.1.0\"",
                "--git 'https://git.example.com/cvtplugin' --rev v0.1.0 cvtplugin-cli",
            ),
            (
                Sdk::Path("/the sdk".into()),
                "path = \"/the sdk/cvtplugin\"",
                "--path '/the sdk/cvtplugin-cli'",
            ),
        ] {
            assert_eq!(sdk.dependency("cvtplugin"), dependency);
            assert_eq!(
                sdk.install_command(),
                format!("cargo install --locked {install}")
            );
        }
    }
}
