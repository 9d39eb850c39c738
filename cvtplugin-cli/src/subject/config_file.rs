//! CVT's config.yaml, by CVT's rules.

mod expansion;
mod plugin;
mod problems;
mod reader;
mod scalar;
mod source;
mod yaml;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use cvtplugin::{BoxError, SecretString};

use crate::plugin_name::BINARY_PREFIX;
use crate::suggest;

/// What the file says of one plugin, all of it expanded.
#[derive(Clone, Debug)]
pub(super) struct PluginEntry {
    pub(super) binary: PathBuf,
    pub(super) timeout: Duration,
    pub(super) config: BTreeMap<String, SecretString>,
    /// The keys of the config that hold secrets.
    pub(super) secrets: Vec<String>,
}

/// A config file that CVT would load.
#[derive(Debug)]
pub(super) struct ConfigFile {
    path: PathBuf,
    plugins: BTreeMap<String, PluginEntry>,
}

impl ConfigFile {
    /// Reads a config file, with the variables of this process.
    ///
    /// # Errors
    ///
    /// All that is wrong with the file, a line each with its place. No value of a config is in it.
    pub(super) fn read(path: PathBuf) -> Result<Self, BoxError> {
        let text = fs::read_to_string(&path)
            .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        let plugins = reader::read(&text, &variable).map_err(|problems| {
            let lines = problems.iter();
            let lines = lines.map(|problem| format!("\n  {}:{problem}", path.display()));
            format!("CVT would not load this file:{}", lines.collect::<String>())
        })?;
        Ok(Self { path, plugins })
    }

    /// The plugin of this name; without a name the only plugin, or that of this binary.
    ///
    /// # Errors
    ///
    /// When there is no such plugin, or more than one.
    pub(super) fn select(
        mut self,
        name: Option<&str>,
        binary: Option<&Path>,
    ) -> Result<PluginEntry, BoxError> {
        let name = match name {
            Some(name) => name.to_owned(),
            None => self.the_plugin(binary)?.to_owned(),
        };
        let unknown = |plugins: &BTreeMap<String, _>, path: &Path| {
            let advice = suggest::advice(&name, plugins.keys().map(String::as_str));
            format!("{} has no plugin `{name}`; {advice}", path.display())
        };
        match self.plugins.remove(&name) {
            Some(plugin) => Ok(plugin),
            None => Err(unknown(&self.plugins, &self.path).into()),
        }
    }

    fn the_plugin(&self, binary: Option<&Path>) -> Result<&str, BoxError> {
        let names: Vec<_> = self.plugins.keys().map(String::as_str).collect();
        if let [name] = names.as_slice() {
            return Ok(name);
        }
        let fits = |name: &&str| binary.is_some_and(|binary| self.fits(name, binary));
        let fitting: Vec<_> = names.iter().copied().filter(fits).collect();
        match (fitting.as_slice(), names.as_slice()) {
            ([name], _) => Ok(name),
            (_, []) => Err(format!("{} has no plugin", self.path.display()).into()),
            _ => Err(format!(
                "{} has several plugins: say which one with --plugin ({})",
                self.path.display(),
                names.join(", ")
            )
            .into()),
        }
    }

    /// Whether a binary is a plugin's by its file name.
    fn fits(&self, plugin: &str, binary: &Path) -> bool {
        let file = binary.file_name().map(OsStr::to_string_lossy);
        let file = file.unwrap_or_default();
        let entry = self.plugins.get(plugin);
        let configured = entry.and_then(|entry| entry.binary.file_name());
        file.strip_prefix(BINARY_PREFIX).unwrap_or(&file) == plugin
            || configured.is_some_and(|configured| configured == OsStr::new(file.as_ref()))
    }
}

/// A variable of this process.
fn variable(name: &str) -> Option<String> {
    let value = std::env::var_os(name)?;
    Some(value.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(names: &[&str]) -> ConfigFile {
        let entry = |binary: &str| PluginEntry {
            binary: binary.into(),
            timeout: Duration::from_secs(5),
            config: BTreeMap::new(),
            secrets: Vec::new(),
        };
        let plugin = |name: &&str| (String::from(*name), entry(&format!("/plugins/{name}-1.0")));
        ConfigFile {
            path: "config.yaml".into(),
            plugins: names.iter().map(plugin).collect(),
        }
    }

    #[test]
    fn the_plugin_is_the_named_one_or_the_only_one_or_that_of_the_binary() {
        for (names, name, binary, expected) in [
            (&["rest"][..], None, None, "rest"),
            (&["rest"], None, Some("target/debug/other"), "rest"),
            (&["rest", "slack"], Some("slack"), None, "slack"),
            (
                &["rest", "slack"],
                Some("slack"),
                Some("cvt-plugin-rest"),
                "slack",
            ),
            (
                &["rest", "slack"],
                None,
                Some("target/cvt-plugin-rest"),
                "rest",
            ),
            (
                &["rest", "slack"],
                None,
                Some("/elsewhere/slack-1.0"),
                "slack",
            ),
        ] {
            let chosen = file(names).select(name, binary.map(Path::new));
            let chosen = chosen.expect(expected).binary;
            assert_eq!(chosen, Path::new(&format!("/plugins/{expected}-1.0")));
        }
    }

    #[test]
    fn where_it_cannot_be_told_the_plugins_are_listed() {
        for (names, name, binary, part) in [
            (&[][..], None, None, "has no plugin"),
            (
                &["rest"],
                Some("slack"),
                None,
                "has no plugin `slack`; known: rest",
            ),
            (
                &["rest", "slack"],
                Some("slak"),
                None,
                "did you mean `slack`?",
            ),
            (&["rest", "slack"], None, None, "--plugin (rest, slack)"),
            (
                &["rest", "slack"],
                None,
                Some("x"),
                "--plugin (rest, slack)",
            ),
        ] {
            let error = file(names).select(name, binary.map(Path::new));
            let error = error.expect_err(part).to_string();
            assert!(error.starts_with("config.yaml has"), "{error}");
            assert!(error.contains(part), "{error}");
        }
    }
}
