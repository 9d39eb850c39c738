//! The file as a whole: what may stand in it, and all that is wrong with it at once.

use std::collections::BTreeMap;
use std::rc::Rc;

use cvtplugin::Rpc;

use super::PluginEntry;
use super::problems::{Position, Problem};
use super::scalar;
use super::yaml::{self, Data, Entry, Node};
use crate::suggest;

const TOP_KEYS: [&str; 3] = ["config_version", "plugins", "hooks"];

/// The plugins of a config file, each with its variables expanded.
///
/// # Errors
///
/// Everything that is wrong, in the order of the file.
pub(super) fn read(
    text: &str,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<BTreeMap<String, PluginEntry>, Vec<Problem>> {
    let root = yaml::read(text).map_err(|problem| vec![problem])?;
    let mut reader = Reader {
        variable,
        problems: Vec::new(),
    };
    let plugins = if let Some(root) = root {
        reader.file(&root)
    } else {
        reader.problem(Position::START, "the file is empty");
        BTreeMap::new()
    };
    let mut problems = reader.problems;
    problems.sort_by_key(|problem| problem.at);
    if problems.is_empty() {
        Ok(plugins)
    } else {
        Err(problems)
    }
}

/// Goes through the file and keeps what is wrong.
pub(super) struct Reader<'a> {
    pub(super) variable: &'a dyn Fn(&str) -> Option<String>,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn file(&mut self, root: &Node) -> BTreeMap<String, PluginEntry> {
        let entries = self.fields(root, "config.yaml", &TOP_KEYS);
        if let Some(version) = entries.get("config_version") {
            self.config_version(version);
        }
        let plugins = entries.get("plugins");
        let plugins = plugins.map_or(&[][..], |plugins| self.mapping(plugins, "`plugins`"));
        let read = plugins
            .iter()
            .map(|entry| (entry.key.clone(), self.plugin(entry)))
            .collect();
        if let Some(hooks) = entries.get("hooks") {
            self.hooks(hooks, &read);
        }
        read
    }

    fn config_version(&mut self, version: &Node) {
        // A fraction is dropped.
        let is_known = |text: &str| match scalar::integer(text) {
            Some(version) => matches!(version, 0 | 1),
            None => scalar::number(text).is_some_and(|version| -1.0 < version && version < 2.0),
        };
        if !version.plain().is_some_and(is_known) && !version.is_null() {
            let message = "`config_version` has to be 1; a higher one is for a newer CVT";
            self.problem(version.at, message);
        }
    }

    fn hooks(&mut self, hooks: &Node, plugins: &BTreeMap<String, PluginEntry>) {
        let known: Vec<_> = Rpc::ALL.iter().copied().map(Rpc::method).collect();
        for (hook, plugin) in self.fields(hooks, "`hooks`", &known) {
            let Some(name) = self.text(&plugin, &format!("the hook `{hook}`")) else {
                continue;
            };
            if !name.is_empty() && !plugins.contains_key(&name) {
                let advice = suggest::advice(&name, plugins.keys().map(String::as_str));
                let message = format!("the hook `{hook}` names no plugin of this file; {advice}");
                self.problem(plugin.at, message);
            }
        }
    }

    /// The values of a mapping whose keys are all known.
    pub(super) fn fields<'k>(
        &mut self,
        node: &Node,
        what: &str,
        known: &[&'k str],
    ) -> BTreeMap<&'k str, Rc<Node>> {
        let mut fields = BTreeMap::new();
        for entry in self.mapping(node, what) {
            if let Some(key) = known.iter().find(|key| **key == entry.key) {
                fields.insert(*key, entry.value.clone());
            } else {
                let advice = suggest::advice(&entry.key, known.iter().copied());
                let message = format!("{what} has no key `{}`; {advice}", entry.key);
                self.problem(entry.at, message);
            }
        }
        fields
    }

    /// The entries of what has to be a mapping, or nothing.
    pub(super) fn mapping<'n>(&mut self, node: &'n Node, what: &str) -> &'n [Entry] {
        match &node.data {
            Data::Mapping(entries) => entries,
            _ if node.is_null() => &[],
            _ => {
                self.problem(
                    node.at,
                    format!("{what} has to be a mapping, of `key: value`"),
                );
                &[]
            }
        }
    }

    /// What has to be a scalar.
    pub(super) fn text(&mut self, node: &Node, what: &str) -> Option<String> {
        let text = node.text().map(str::to_owned);
        if text.is_none() {
            let message = format!("{what} has to be a single value, not a list or a mapping");
            self.problem(node.at, message);
        }
        text
    }

    pub(super) fn problem(&mut self, at: Position, message: impl Into<String>) {
        self.problems.push(Problem::new(at, message));
    }
}

#[cfg(test)]
mod tests;
