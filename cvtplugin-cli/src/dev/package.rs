//! The package that is worked on, by what cargo knows of it.

use std::path::{Path, PathBuf};

use cvtplugin::BoxError;
use serde::Deserialize;

use crate::{cargo, install};

/// A package with a plugin.
#[derive(Clone, Debug)]
pub(super) struct Package {
    pub(super) directory: PathBuf,
    /// The binary that is the plugin.
    pub(super) binary: String,
    /// The name under which CVT installs it.
    pub(super) plugin: String,
    /// The directories of this package, and of those that it may depend on by their path.
    pub(super) sources: Vec<PathBuf>,
    /// Where cargo builds.
    pub(super) target: PathBuf,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Listed>,
    target_directory: PathBuf,
}

#[derive(Deserialize)]
struct Listed {
    manifest_path: PathBuf,
    source: Option<String>,
    default_run: Option<String>,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

impl Package {
    /// Finds the package around `directory`, and its plugin.
    ///
    /// # Errors
    ///
    /// Returns what cargo has to say, or why there is no plugin.
    pub(super) fn find(directory: &Path, binary: Option<&str>) -> Result<Self, BoxError> {
        const PURPOSE: &str = "read the package in";
        let locate = ["locate-project", "--message-format=plain"];
        let manifest = cargo::output(directory, &locate, PURPOSE)?;
        let manifest = Path::new(manifest.trim_end());
        let metadata = cargo::output(directory, &["metadata", "--format-version=1"], PURPOSE)?;
        let metadata: Metadata = serde_json::from_str(&metadata)?;
        let package = metadata
            .packages
            .iter()
            .find(|it| it.manifest_path == manifest);
        let Some(package) = package else {
            let manifest = manifest.display();
            return Err(
                format!("{manifest} is a workspace: name the directory of a package").into(),
            );
        };
        let binary = package.binary(binary)?;
        let plugin = install::name_of(Path::new(&binary));
        cvtplugin_names::check(&plugin)?;
        let paths = metadata.packages.iter().filter(|it| it.source.is_none());
        let sources = paths.filter_map(|it| it.manifest_path.parent());
        Ok(Self {
            directory: manifest.parent().unwrap_or(directory).to_owned(),
            binary,
            plugin,
            sources: sources.map(Path::to_owned).collect(),
            target: metadata.target_directory.clone(),
        })
    }
}

impl Listed {
    /// The binary that is meant.
    fn binary(&self, wanted: Option<&str>) -> Result<String, BoxError> {
        let is_binary = |target: &&Target| target.kind.iter().any(|kind| kind == "bin");
        let binaries = self.targets.iter().filter(is_binary);
        let names: Vec<_> = binaries.map(|target| target.name.as_str()).collect();
        let known = names.join("`, `");
        match (wanted.or(self.default_run.as_deref()), names.as_slice()) {
            (Some(name), names) if names.contains(&name) => Ok(name.to_owned()),
            (Some(name), _) => Err(format!("no binary `{name}`: expected one of `{known}`").into()),
            (None, [name]) => Ok((*name).to_owned()),
            (None, []) => Err("the package has no binary: a plugin needs a src/main.rs".into()),
            (None, _) => Err(format!("several binaries: choose with --bin: `{known}`").into()),
        }
    }
}
