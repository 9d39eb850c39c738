//! The document as a whole: its version, its plugins and its hooks.

use std::collections::BTreeMap;
use std::path::Path;

use cvtplugin::Rpc;

use super::plugin::{self, PluginEntry};
use super::problem::{Position, Problem};
use super::reader::Reader;
use super::yaml::{self, Data, Node};
use crate::suggest;

const TOP_KEYS: [&str; 3] = ["config_version", "plugins", "hooks"];

/// What a config file holds.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) plugins: BTreeMap<String, PluginEntry>,
    /// The plugin of each hook that is bound.
    pub(super) hooks: BTreeMap<&'static str, String>,
}

/// Reads a document, and all that is wrong with it, in the order of the file. What is wrong is left
/// out of the document, or empty.
pub(super) fn read(
    text: &str,
    plugins_dir: Option<&Path>,
    variable: &dyn Fn(&str) -> Option<String>,
) -> (Document, Vec<Problem>) {
    let mut reader = Reader {
        variable,
        plugins_dir,
        problems: Vec::new(),
    };
    let document = match yaml::read(text) {
        Ok(Some(root)) => document(&mut reader, &root),
        Ok(None) => {
            reader.problem(Position::START, "the file is empty");
            Document::default()
        }
        Err(problem) => return (Document::default(), vec![problem]),
    };
    let mut problems = reader.problems;
    problems.sort_by_key(|problem| problem.at);
    (document, problems)
}

fn document(reader: &mut Reader<'_>, root: &Node) -> Document {
    let fields = reader.fields(root, "config.yaml", &TOP_KEYS);
    if let Some(version) = fields.get("config_version") {
        config_version(reader, version);
    }
    let plugins = fields.get("plugins");
    let plugins = plugins.map_or(&[][..], |plugins| reader.mapping(plugins, "`plugins`"));
    let plugins = plugins
        .iter()
        .map(|entry| (entry.key.clone(), plugin::read(reader, entry)))
        .collect();
    let hooks = fields.get("hooks");
    let hooks = hooks.map(|hooks| self::hooks(reader, hooks, &plugins));
    Document {
        plugins,
        hooks: hooks.unwrap_or_default(),
    }
}

fn config_version(reader: &mut Reader<'_>, version: &Node) {
    let is_known = match version.data {
        Data::Null => true,
        // CVT drops a fraction.
        Data::Number(version, _) => matches!(version.trunc(), 0.0 | 1.0),
        _ => false,
    };
    if !is_known {
        let message = "invalid `config_version`: expected 1; a higher one is for a newer CVT";
        reader.problem(version.at, message);
    }
}

fn hooks(
    reader: &mut Reader<'_>,
    hooks: &Node,
    plugins: &BTreeMap<String, PluginEntry>,
) -> BTreeMap<&'static str, String> {
    let known: Vec<_> = Rpc::ALL.iter().copied().map(Rpc::method).collect();
    let mut bound = BTreeMap::new();
    for (hook, plugin) in reader.fields(hooks, "`hooks`", &known) {
        let name = reader.text(plugin, &format!("the hook `{hook}`"));
        let Some(name) = name.filter(|name| !name.is_empty()) else {
            continue;
        };
        if !plugins.contains_key(&name) {
            let advice = suggest::advice(&name, plugins.keys().map(String::as_str));
            let message = format!("the hook `{hook}` names no plugin of this file; {advice}");
            reader.problem(plugin.at, message);
        }
        bound.insert(hook, name);
    }
    bound
}

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;
