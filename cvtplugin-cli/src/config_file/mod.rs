//! CVT's config.yaml, by CVT's rules.

mod document;
mod expansion;
mod plugin;
mod problem;
mod reader;
mod yaml;
mod yaml_1_1;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use cvtplugin::{BoxError, Rpc};
use cvtplugin_names::BINARY_PREFIX;

use crate::suggest;
use document::Document;
pub(crate) use plugin::{PluginEntry, clean};
pub(crate) use problem::Problem;

/// A config file, and what is wrong with it.
#[derive(Debug)]
pub(crate) struct ConfigFile {
    path: PathBuf,
    document: Document,
    problems: Vec<Problem>,
}

impl ConfigFile {
    /// Reads a config file with the variables of this process. Binaries may be anywhere.
    ///
    /// # Errors
    ///
    /// Returns everything that keeps CVT from loading the file, a line each with its place. No value
    /// of a plugin's config is in it.
    pub(crate) fn read(path: PathBuf) -> Result<Self, BoxError> {
        let file = Self::inspect(path, None, &variable)?;
        if file.problems.is_empty() {
            return Ok(file);
        }
        let problems = file.problems.iter();
        let lines = problems.map(|problem| format!("\n  {}:{problem}", file.path.display()));
        Err(format!("CVT would not load this file:{}", lines.collect::<String>()).into())
    }

    /// Reads a config file whose binaries have to be in `plugins_dir`, if one is given. What is
    /// wrong is kept, and the rest is read.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be read.
    pub(crate) fn inspect(
        path: PathBuf,
        plugins_dir: Option<&Path>,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, BoxError> {
        let bytes =
            fs::read(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        let text = decode(&bytes).ok_or_else(|| {
            format!(
                "cannot read {}: invalid text: expected UTF-8",
                path.display()
            )
        })?;
        let (document, problems) = document::read(&text, plugins_dir, variable);
        Ok(Self {
            path,
            document,
            problems,
        })
    }

    /// What keeps CVT from loading the file, in its order.
    pub(crate) fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The plugins by their names.
    pub(crate) fn plugins(&self) -> &BTreeMap<String, PluginEntry> {
        &self.document.plugins
    }

    /// The hooks that are bound to a plugin.
    pub(crate) fn hooks_of(&self, plugin: &str) -> Vec<Rpc> {
        let rpcs = Rpc::ALL.iter().copied();
        let is_bound = |rpc: &Rpc| {
            self.document
                .hooks
                .get(rpc.method())
                .is_some_and(|it| it == plugin)
        };
        rpcs.filter(is_bound).collect()
    }

    /// The plugin of this name; without a name the only plugin, or that of this binary.
    ///
    /// # Errors
    ///
    /// When there is no such plugin, or more than one.
    pub(crate) fn select(
        &self,
        name: Option<&str>,
        binary: Option<&Path>,
    ) -> Result<(String, PluginEntry), BoxError> {
        let name = match name {
            Some(name) => name.to_owned(),
            None => self.the_plugin(binary)?.to_owned(),
        };
        let plugins = self.plugins();
        let entry = plugins.get(&name).cloned().ok_or_else(|| {
            let advice = suggest::advice(&name, plugins.keys().map(String::as_str));
            format!("{} has no plugin `{name}`; {advice}", self.path.display())
        })?;
        Ok((name, entry))
    }

    fn the_plugin(&self, binary: Option<&Path>) -> Result<&str, BoxError> {
        let names: Vec<_> = self.plugins().keys().map(String::as_str).collect();
        if let [name] = names.as_slice() {
            return Ok(name);
        }
        let fits = |name: &&str| binary.is_some_and(|binary| self.fits(name, binary));
        let fitting: Vec<_> = names.iter().copied().filter(fits).collect();
        match (fitting.as_slice(), names.as_slice()) {
            ([name], _) => Ok(name),
            (_, []) => Err(format!("{} has no plugin", self.path.display()).into()),
            _ => Err(format!(
                "{} has several plugins: choose one with --plugin ({})",
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
        let entry = self.plugins().get(plugin);
        let configured = entry.and_then(|entry| entry.binary.file_name());
        file.strip_prefix(BINARY_PREFIX).unwrap_or(&file) == plugin
            || configured.is_some_and(|configured| configured == OsStr::new(file.as_ref()))
    }
}

/// Text in UTF-8, or in UTF-16 behind a byte order mark, both of which CVT takes.
fn decode(bytes: &[u8]) -> Option<String> {
    let order: fn([u8; 2]) -> u16 = match bytes {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => return String::from_utf8(bytes.to_vec()).ok(),
    };
    let (units, rest) = bytes.as_chunks::<2>();
    let units: Vec<_> = units.iter().copied().map(order).collect();
    String::from_utf16(&units).ok().filter(|_| rest.is_empty())
}

/// A variable of this process.
pub(crate) fn variable(name: &str) -> Option<String> {
    let value = std::env::var_os(name)?;
    Some(value.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn file(names: &[&str]) -> ConfigFile {
        let entry = |binary: &str| PluginEntry {
            binary: binary.into(),
            timeout: Duration::from_secs(5),
            on_error: "fail_closed".to_owned(),
            config: BTreeMap::new(),
            secrets: Vec::new(),
        };
        let plugin = |name: &&str| (String::from(*name), entry(&format!("/plugins/{name}-1.0")));
        ConfigFile {
            path: "config.yaml".into(),
            document: Document {
                plugins: names.iter().map(plugin).collect(),
                ..Document::default()
            },
            problems: Vec::new(),
        }
    }

    #[test]
    fn plugin_is_selected_by_name_or_binary_or_as_the_only_one() {
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
            let chosen = chosen.expect(expected).1.binary;
            assert_eq!(chosen, Path::new(&format!("/plugins/{expected}-1.0")));
        }
    }

    #[test]
    fn plugin_ambiguous_lists_the_plugins() {
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
