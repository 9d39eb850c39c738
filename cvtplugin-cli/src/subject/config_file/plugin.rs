//! What a config file says of one plugin.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use cvtplugin::SecretString;

use super::PluginEntry;
use super::expansion::expand;
use super::reader::Reader;
use super::scalar;
use super::yaml::{Data, Entry, Node};
use crate::{go_duration, plugin_name, suggest};

const KEYS: [&str; 5] = ["binary", "timeout", "on_error", "secrets", "config"];
const POLICIES: [&str; 2] = ["fail_closed", "fail_open"];

/// How long a call may take where the file does not say.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(5);

impl Reader<'_> {
    /// Reads a plugin. What is wrong with it is kept, and it is read all the same.
    pub(super) fn plugin(&mut self, entry: &Entry) -> PluginEntry {
        if let Err(why) = plugin_name::check(&entry.key) {
            self.problem(entry.at, why);
        }
        let fields = self.fields(&entry.value, &format!("plugin `{}`", entry.key), &KEYS);
        let binary = fields.get("binary").and_then(|node| self.binary(node));
        let is_mapping = matches!(entry.value.data, Data::Mapping(_)) || entry.value.is_null();
        if is_mapping && !fields.contains_key("binary") {
            self.problem(entry.at, format!("plugin `{}` needs a `binary`", entry.key));
        }
        if let Some(policy) = fields.get("on_error") {
            self.policy(policy);
        }
        let timeout = fields.get("timeout").and_then(|node| self.timeout(node));
        let config = fields.get("config").map(|config| self.config(config));
        let config = config.unwrap_or_default();
        let secrets = fields.get("secrets");
        let secrets = secrets.map(|secrets| self.secrets(secrets, &config));
        PluginEntry {
            binary: binary.unwrap_or_default(),
            timeout: timeout.unwrap_or(DEFAULT_TIMEOUT),
            config,
            secrets: secrets.unwrap_or_default(),
        }
    }

    /// The binary's path. That CVT takes only one below its plugin folder is left to CVT: an
    /// author tries what has just been built.
    fn binary(&mut self, node: &Node) -> Option<PathBuf> {
        let text = self.text(node, "`binary`")?;
        let home = (self.variable)("HOME").unwrap_or_default();
        let path = match text.strip_prefix('~') {
            Some("") => PathBuf::from(home),
            Some(rest) if rest.starts_with('/') => {
                Path::new(&home).join(rest.trim_start_matches('/'))
            }
            _ => PathBuf::from(&text),
        };
        if text.is_empty() {
            self.problem(
                node.at,
                "`binary` is empty: write the path of the plugin's binary",
            );
            return None;
        }
        if !path.is_absolute() {
            let message = "`binary` has to be an absolute path, or begin with `~/`; variables \
                           are not expanded here";
            self.problem(node.at, message);
        }
        Some(clean(&path))
    }

    /// How long a call may take; `0s` is as good as nothing.
    fn timeout(&mut self, node: &Node) -> Option<Duration> {
        if node.is_null() {
            return None;
        }
        let text = self.text(node, "`timeout`")?;
        // A bare 0 is a number to YAML, and a duration only in quotes.
        let is_number = node
            .plain()
            .is_some_and(|text| scalar::integer(text).is_some());
        let text = if is_number { "" } else { &text };
        match go_duration::parse(text) {
            Ok(timeout) => Some(timeout).filter(|timeout| !timeout.is_zero()),
            Err(why) => {
                self.problem(node.at, format!("`timeout` is no duration: {why}"));
                None
            }
        }
    }

    fn policy(&mut self, node: &Node) {
        let Some(policy) = self.text(node, "`on_error`") else {
            return;
        };
        if !policy.is_empty() && !POLICIES.contains(&policy.as_str()) {
            let advice = suggest::advice(&policy, POLICIES);
            self.problem(
                node.at,
                format!("`on_error` cannot be `{policy}`; {advice}"),
            );
        }
    }

    /// The config, its variables expanded. No message shows a value.
    fn config(&mut self, node: &Node) -> BTreeMap<String, SecretString> {
        let mut config = BTreeMap::new();
        for Entry { key, value, .. } in self.mapping(node, "`config`") {
            let Some(text) = self.text(value, &format!("the config key `{key}`")) else {
                continue;
            };
            let expanded = expand(&text, self.variable).unwrap_or_else(|why| {
                self.problem(value.at, format!("the config key `{key}`: {why}"));
                String::new()
            });
            config.insert(key.clone(), expanded.into());
        }
        config
    }

    /// The names of the secrets, which have to be keys of the config.
    fn secrets(&mut self, node: &Node, config: &BTreeMap<String, SecretString>) -> Vec<String> {
        let mut names = Vec::new();
        let Data::List(secrets) = &node.data else {
            if !node.is_null() {
                self.problem(node.at, "`secrets` has to be a list, as in `[token]`");
            }
            return names;
        };
        for secret in secrets.iter().filter(|secret| !secret.is_null()) {
            let Some(name) = self.text(secret, "each of `secrets`") else {
                continue;
            };
            if !config.contains_key(&name) {
                let advice = suggest::advice(&name, config.keys().map(String::as_str));
                let message = format!("`secrets` names `{name}`, no key of `config`; {advice}");
                self.problem(secret.at, message);
            }
            names.push(name);
        }
        names
    }
}

/// A path without `.` and `..`, by its text alone, as CVT compares it with that of the installed
/// binary.
fn clean(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        if part == Component::ParentDir {
            clean.pop();
        } else {
            clean.push(part);
        }
    }
    clean
}
