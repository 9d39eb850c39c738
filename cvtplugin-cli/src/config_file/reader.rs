//! Goes through a document, and keeps all that is wrong with it.

use std::collections::BTreeMap;
use std::path::Path;

use super::problem::{Position, Problem};
use super::yaml::{Data, Entry, Node};
use crate::suggest;

/// What a file is read by, and what is wrong with it.
pub(super) struct Reader<'a> {
    /// Looks up a variable of the environment.
    pub(super) variable: &'a dyn Fn(&str) -> Option<String>,
    /// The directory that every binary has to be in, if any.
    pub(super) plugins_dir: Option<&'a Path>,
    pub(super) problems: Vec<Problem>,
}

impl Reader<'_> {
    /// The values of a mapping whose keys are all known.
    pub(super) fn fields<'n, 'k>(
        &mut self,
        node: &'n Node,
        what: &str,
        known: &[&'k str],
    ) -> BTreeMap<&'k str, &'n Node> {
        let mut fields = BTreeMap::new();
        for entry in self.mapping(node, what) {
            if let Some(key) = known.iter().find(|key| **key == entry.key) {
                fields.insert(*key, &entry.value);
            } else {
                let advice = suggest::advice(&entry.key, known.iter().copied());
                let message = format!("{what} has no key `{}`; {advice}", entry.key);
                self.problem(entry.at, message);
            }
        }
        fields
    }

    /// The entries of what has to be a mapping, or null.
    pub(super) fn mapping<'n>(&mut self, node: &'n Node, what: &str) -> &'n [Entry] {
        match &node.data {
            Data::Mapping(entries) => return entries,
            Data::Null => {}
            _ => self.problem(
                node.at,
                format!("{what} has to be a mapping, of `key: value`"),
            ),
        }
        &[]
    }

    /// The text of what has to be a scalar.
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
