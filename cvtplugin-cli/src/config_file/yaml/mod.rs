//! YAML as CVT reads it: scalars stay as they are written, and no key stands twice.

use std::collections::HashMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::options::{DuplicateKeyPolicy, MergeKeyPolicy, NonFiniteFloatPolicy};
use serde_saphyr::{Error, Location, Spanned};

use super::problem::{Position, Problem};
use super::yaml_1_1;

/// Deeper files are not CVT's, and reading them could exhaust the stack.
const MAX_DEPTH: usize = 16;

/// A part of a document, and where it stands.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) at: Position,
    pub(super) data: Data,
}

#[derive(Debug)]
pub(super) enum Data {
    Null,
    Text(String),
    /// A number, and how it is written.
    Number(f64, String),
    List(Vec<Node>),
    Mapping(Vec<Entry>),
}

/// A key and its value.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) at: Position,
    pub(super) value: Node,
}

impl Node {
    /// The text of a scalar as it is written, without its quotes; empty for null.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.data {
            Data::Null => Some(""),
            Data::Text(text) | Data::Number(_, text) => Some(text),
            Data::List(_) | Data::Mapping(_) => None,
        }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self.data, Data::Null)
    }
}

/// Reads the first document of `text`, all that CVT looks at; `None` if there is none.
///
/// # Errors
///
/// Returns the first mistake. It shows no scalar of the document.
pub(super) fn read(text: &str) -> Result<Option<Node>, Problem> {
    let options = serde_saphyr::options! {
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        non_finite_float_policy: NonFiniteFloatPolicy::PassThrough,
        merge_keys: MergeKeyPolicy::AsOrdinary,
        strict_booleans: true,
        legacy_octal_numbers: true,
        budget: serde_saphyr::budget! { max_depth: MAX_DEPTH },
        with_snippet: false,
    };
    if yaml_1_1::is_empty(text) {
        return Ok(None);
    }
    yaml_1_1::check(text)?;
    let mut document = None;
    // Whatever follows the first document may be broken.
    let read = serde_saphyr::with_deserializer_from_str_with_options(text, options, |it| {
        document = Some(Spanned::<Raw>::deserialize(it)?);
        Ok(())
    });
    match (document, read) {
        (Some(document), _) => Source(text).node(document, false).map(Some),
        (None, Ok(())) => Ok(None),
        (None, Err(error)) => Err(invalid(&error)),
    }
}

fn invalid(error: &Error) -> Problem {
    let at = error.location().map_or(Position::START, Position::from);
    if matches!(error, Error::InvalidScalar { .. }) {
        return Problem::new(at, "this value does not fit its tag");
    }
    let message = error.render();
    let message = message.split(" at line ").next().unwrap_or_default();
    Problem::new(at, format!("invalid YAML: {message}"))
}

/// What the library makes of a node.
#[derive(Debug)]
enum Raw {
    Null,
    Bool,
    Number(f64),
    Text(String),
    List(Vec<Spanned<Raw>>),
    Mapping(Vec<(Spanned<Raw>, Spanned<Raw>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("YAML")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Raw, E> {
        Ok(Raw::Bool)
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "only small numbers mean anything"
    )]
    fn visit_i64<E>(self, number: i64) -> Result<Raw, E> {
        Ok(Raw::Number(number as f64))
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "only small numbers mean anything"
    )]
    fn visit_u64<E>(self, number: u64) -> Result<Raw, E> {
        Ok(Raw::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Raw, E> {
        Ok(Raw::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Raw, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Raw::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Raw, A::Error> {
        let mut mapping = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            mapping.push(entry);
        }
        Ok(Raw::Mapping(mapping))
    }
}

/// The text of the file.
struct Source<'a>(&'a str);

impl Source<'_> {
    /// Turns what the library has read into what CVT reads.
    fn node(&self, raw: Spanned<Raw>, in_flow: bool) -> Result<Node, Problem> {
        let (at, written) = (raw.referenced.into(), self.written(raw.defined));
        let in_flow = |written: &str| in_flow || written.starts_with(['{', '[']);
        let data = match raw.value {
            Raw::Null if is_null(written) => Data::Null,
            Raw::Null => return Err(Problem::new(at, "this value does not fit its tag")),
            Raw::Bool => Data::Text(unquoted(written).to_owned()),
            Raw::Number(number) => Data::Number(number, unquoted(written).to_owned()),
            Raw::Text(text) => Data::Text(self.text(text, written, in_flow(""), at)?),
            Raw::List(items) => {
                let items = items.into_iter();
                let items = items.map(|item| self.node(item, in_flow(written)));
                Data::List(items.collect::<Result<_, _>>()?)
            }
            Raw::Mapping(entries) => Data::Mapping(self.mapping(entries, in_flow(written))?),
        };
        Ok(Node { at, data })
    }

    /// A node as it is written: all of a scalar, and the first character of what is in brackets.
    fn written(&self, location: Location) -> &str {
        let span = location.span();
        let range = span.byte_offset().zip(span.byte_len());
        let range = range.and_then(|(start, len)| {
            let start = usize::try_from(start).ok()?;
            Some(start..start + usize::try_from(len).ok()?)
        });
        range
            .and_then(|range| self.0.get(range))
            .unwrap_or_default()
    }

    /// What is written before a node.
    fn before(&self, location: Location) -> &str {
        let start = location.span().byte_offset();
        let start = start.and_then(|it| usize::try_from(it).ok());
        start
            .and_then(|start| self.0.get(..start))
            .unwrap_or_default()
    }

    /// The text of a scalar, where CVT reads another one than the library or none.
    fn text(
        &self,
        mut text: String,
        written: &str,
        in_flow: bool,
        at: Position,
    ) -> Result<String, Problem> {
        if let Some(message) = yaml_1_1::refuses(written, in_flow) {
            return Err(Problem::new(at, message));
        }
        // A block scalar that ends with the file, and not with a line.
        let ends_alike = text.trim_end().chars().last() == written.chars().last();
        if text.ends_with('\n') && ends_alike && self.0.ends_with(written) {
            text.pop();
        }
        Ok(text)
    }

    fn mapping(
        &self,
        raw: Vec<(Spanned<Raw>, Spanned<Raw>)>,
        in_flow: bool,
    ) -> Result<Vec<Entry>, Problem> {
        let mut keys = HashMap::new();
        let (mut entries, mut merged) = (Vec::new(), Vec::new());
        for (key, value) in raw {
            let written = self.written(key.defined);
            if !in_flow && yaml_1_1::is_indented_by_tab(self.before(key.defined)) {
                let message = "CVT takes no tabs for the indentation: write spaces";
                return Err(Problem::new(key.referenced, message));
            }
            let (is_merge, is_null) = (written == "<<", matches!(key.value, Raw::Null));
            if !in_flow && written.is_empty() {
                return Err(Problem::new(key.referenced, "a key is missing before `:`"));
            }
            let key = self.node(key, in_flow)?;
            let value = self.node(value, in_flow)?;
            let text = if is_null { Some(written) } else { key.text() };
            let Some(text) = text.map(str::to_owned) else {
                return Err(Problem::new(key.at, "a key has to be a single value"));
            };
            if let Some(first) = keys.insert(text.clone(), key.at) {
                let message = format!("duplicate key `{text}`: it is at {first} too");
                return Err(Problem::new(key.at, message));
            }
            if is_merge {
                merged.extend(merge(value)?);
            } else if !is_null {
                // CVT drops a key that is null, and its value.
                let (key, at) = (text, key.at);
                entries.push(Entry { key, at, value });
            }
        }
        // What is written wins over what is merged, and what is merged first over the rest.
        for entry in merged {
            if entries.iter().all(|known: &Entry| known.key != entry.key) {
                entries.push(entry);
            }
        }
        Ok(entries)
    }
}

/// The entries that `<<: value` brings in.
fn merge(value: Node) -> Result<Vec<Entry>, Problem> {
    let mappings = match value.data {
        Data::List(mappings) => mappings,
        data => vec![Node { data, ..value }],
    };
    let mut entries = Vec::new();
    for mapping in mappings {
        match mapping.data {
            Data::Mapping(merged) => entries.extend(merged),
            _ => {
                return Err(Problem::new(
                    mapping.at,
                    "`<<` merges mappings, and this is none",
                ));
            }
        }
    }
    Ok(entries)
}

fn is_null(written: &str) -> bool {
    matches!(unquoted(written), "" | "~" | "null" | "Null" | "NULL")
}

/// A scalar without its quotes, which only a tag makes more than text.
fn unquoted(written: &str) -> &str {
    written.trim_matches(['"', '\''])
}

#[cfg(test)]
mod tests;
