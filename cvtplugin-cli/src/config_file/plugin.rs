//! One plugin of a config file.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use cvtplugin::SecretString;

use super::expansion::expand;
use super::reader::Reader;
use super::yaml::{Data, Entry, Node};
use crate::{go_duration, suggest};

/// One plugin, its variables expanded.
#[derive(Clone, Debug)]
pub(crate) struct PluginEntry {
    pub(crate) binary: PathBuf,
    pub(crate) timeout: Duration,
    /// What becomes of errors: `fail_closed` or `fail_open`.
    pub(crate) on_error: String,
    pub(crate) config: BTreeMap<String, SecretString>,
    /// The keys of the config that hold secrets.
    pub(crate) secrets: Vec<String>,
}

const KEYS: [&str; 5] = ["binary", "timeout", "on_error", "secrets", "config"];
const POLICIES: [&str; 2] = ["fail_closed", "fail_open"];

/// How long a call may take unless the file sets it.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(5);

/// Reads a plugin. What is wrong with it is kept, and it is read all the same.
pub(super) fn read(reader: &mut Reader<'_>, entry: &Entry) -> PluginEntry {
    if let Err(why) = cvtplugin_names::check(&entry.key) {
        reader.problem(entry.at, why.to_string());
    }
    let fields = reader.fields(&entry.value, &format!("plugin `{}`", entry.key), &KEYS);
    let binary = fields.get("binary").and_then(|node| binary(reader, node));
    let is_mapping = matches!(entry.value.data, Data::Mapping(_) | Data::Null);
    if is_mapping && !fields.contains_key("binary") {
        reader.problem(entry.at, format!("plugin `{}` needs a `binary`", entry.key));
    }
    let on_error = fields.get("on_error").and_then(|it| policy(reader, it));
    let timeout = fields.get("timeout").and_then(|it| timeout(reader, it));
    let config = fields.get("config").map(|it| config(reader, it));
    let config = config.unwrap_or_default();
    let secrets = fields.get("secrets");
    let secrets = secrets.map(|it| secrets_of(reader, it, &config));
    PluginEntry {
        binary: binary.unwrap_or_default(),
        timeout: timeout.unwrap_or(DEFAULT_TIMEOUT),
        on_error: on_error.unwrap_or_else(|| POLICIES[0].to_owned()),
        config,
        secrets: secrets.unwrap_or_default(),
    }
}

/// The binary's path.
fn binary(reader: &mut Reader<'_>, node: &Node) -> Option<PathBuf> {
    let text = reader.text(node, "`binary`")?;
    if text.is_empty() {
        reader.problem(
            node.at,
            "`binary` is empty: write the path of the plugin's binary",
        );
        return None;
    }
    let home = (reader.variable)("HOME").unwrap_or_default();
    let path = match text.strip_prefix('~') {
        Some("") => PathBuf::from(home),
        Some(rest) if rest.starts_with('/') => Path::new(&home).join(rest.trim_start_matches('/')),
        _ => PathBuf::from(&text),
    };
    let path = clean(&path);
    if !path.is_absolute() {
        let message = "`binary` has to be an absolute path, or begin with `~/`; variables are not \
                       expanded here";
        reader.problem(node.at, message);
    } else if let Some(dir) = reader.plugins_dir
        && (!path.starts_with(dir) || path == dir)
    {
        let message = format!(
            "`binary` has to be a file below {}: install the plugin with `cvt plugins install`, \
             and write the path it is installed as",
            dir.display()
        );
        reader.problem(node.at, message);
    }
    Some(path)
}

/// How long a call may take; `0s` is like null.
fn timeout(reader: &mut Reader<'_>, node: &Node) -> Option<Duration> {
    if node.is_null() {
        return None;
    }
    let text = reader.text(node, "`timeout`")?;
    // A bare 0 is a number to YAML, and a duration only in quotes.
    let is_number = matches!(node.data, Data::Number(..));
    match go_duration::parse(if is_number { "" } else { &text }) {
        Ok(timeout) => Some(timeout).filter(|timeout| !timeout.is_zero()),
        Err(expected) => {
            let message = format!("invalid `timeout` {text:?}: {expected}");
            reader.problem(node.at, message);
            None
        }
    }
}

fn policy(reader: &mut Reader<'_>, node: &Node) -> Option<String> {
    let policy = reader.text(node, "`on_error`")?;
    let policy = Some(policy).filter(|policy| !policy.is_empty())?;
    if POLICIES.contains(&policy.as_str()) {
        return Some(policy);
    }
    let advice = suggest::advice(&policy, POLICIES);
    let message = format!("invalid `on_error` {policy:?}; {advice}");
    reader.problem(node.at, message);
    None
}

/// The config, its variables expanded. No message shows a value.
fn config(reader: &mut Reader<'_>, node: &Node) -> BTreeMap<String, SecretString> {
    let mut config = BTreeMap::new();
    for Entry { key, value, .. } in reader.mapping(node, "`config`") {
        let Some(text) = reader.text(value, &format!("the config key `{key}`")) else {
            continue;
        };
        let expanded = expand(&text, reader.variable).unwrap_or_else(|why| {
            reader.problem(value.at, format!("the config key `{key}`: {why}"));
            String::new()
        });
        config.insert(key.clone(), expanded.into());
    }
    config
}

/// The names of the secrets, which have to be keys of the config.
fn secrets_of(
    reader: &mut Reader<'_>,
    node: &Node,
    config: &BTreeMap<String, SecretString>,
) -> Vec<String> {
    let mut names = Vec::new();
    let secrets = match &node.data {
        Data::List(secrets) => secrets.as_slice(),
        Data::Null => &[],
        _ => {
            reader.problem(node.at, "`secrets` has to be a list, as in `[token]`");
            &[]
        }
    };
    for secret in secrets.iter().filter(|secret| !secret.is_null()) {
        let Some(name) = reader.text(secret, "each of `secrets`") else {
            continue;
        };
        if !config.contains_key(&name) {
            let advice = suggest::advice(&name, config.keys().map(String::as_str));
            let message = format!("`secrets` names `{name}`, no key of `config`; {advice}");
            reader.problem(secret.at, message);
        }
        names.push(name);
    }
    names
}

/// A path without `.` and `..`, by its text alone, as CVT compares it with that of the installed
/// binary.
pub(crate) fn clean(path: &Path) -> PathBuf {
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
