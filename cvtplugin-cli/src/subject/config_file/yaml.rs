//! YAML as CVT reads it: scalars stay as they are written, and no key stands twice.

use std::collections::HashMap;
use std::rc::Rc;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput};

use super::problems::{Position, Problem};
use super::scalar;
use super::source;

/// Deeper files are not CVT's, and could exhaust the stack.
const MAX_DEPTH: usize = 64;

/// A piece of a document, and where it stands.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) at: Position,
    pub(super) data: Data,
}

#[derive(Debug)]
pub(super) enum Data {
    /// A scalar as it is written, less its quotes. Quoted or not, what has a tag of text is quoted.
    Scalar {
        text: String,
        quoted: bool,
    },
    List(Vec<Rc<Node>>),
    Mapping(Vec<Entry>),
}

/// A key and its value. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) at: Position,
    pub(super) value: Rc<Node>,
}

impl Node {
    /// The text of a scalar; empty where there is none.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.data {
            Data::Scalar { .. } if self.is_null() => Some(""),
            Data::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// Whether there is nothing here.
    pub(super) fn is_null(&self) -> bool {
        self.plain().is_some_and(scalar::is_null)
    }

    /// The text of a scalar that may be more than text.
    pub(super) fn plain(&self) -> Option<&str> {
        match &self.data {
            Data::Scalar { text, quoted } if !quoted => Some(text),
            _ => None,
        }
    }
}

/// The first document of `text`; `None` if there is none.
pub(super) fn read(text: &str) -> Result<Option<Rc<Node>>, Problem> {
    source::check(text)?;
    let mut reader = Reader {
        chars: text.chars().collect(),
        events: Parser::new_from_str(text),
        anchors: HashMap::new(),
        flow: 0,
    };
    loop {
        match reader.next()? {
            (Event::StreamEnd, _) => return Ok(None),
            (Event::StreamStart | Event::DocumentStart(_) | Event::Nothing, _) => {}
            (event, span) => return reader.node(event, span, 0).map(Some),
        }
    }
}

struct Reader<'a> {
    chars: Vec<char>,
    events: Parser<'a, StrInput<'a>>,
    anchors: HashMap<usize, Rc<Node>>,
    /// How many braces and brackets are open.
    flow: usize,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Span), Problem> {
        match self.events.next() {
            Some(event) => event.map_err(|error| no_yaml(&error)),
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Rc<Node>, Problem> {
        if depth > MAX_DEPTH {
            return Err(Problem::new(span.start, "this is nested too deeply"));
        }
        let (anchor, data) = match event {
            Event::Alias(anchor) => {
                let unknown = || Problem::new(span.start, "the anchor is not complete here");
                return self.anchors.get(&anchor).cloned().ok_or_else(unknown);
            }
            Event::Scalar(text, style, anchor, tag) => {
                if self.flow > 0 && style == ScalarStyle::Plain && text.contains('?') {
                    let message = "CVT takes a `?` between braces or brackets only in quotes";
                    return Err(Problem::new(span.start, message));
                }
                let scalar = scalar::scalar(text.into_owned(), style, tag.as_deref());
                (anchor, scalar.map_err(|why| Problem::new(span.start, why))?)
            }
            Event::SequenceStart(anchor, _) => {
                let list = self.enclosed(span, |reader| reader.list(depth))?;
                (anchor, Data::List(list))
            }
            Event::MappingStart(anchor, _) => {
                let mapping = self.enclosed(span, |reader| reader.mapping(depth))?;
                (anchor, Data::Mapping(mapping))
            }
            _ => return Err(Problem::new(span.start, "a value is missing here")),
        };
        let at = span.start.into();
        let node = Rc::new(Node { at, data });
        // 0 is no anchor, and no alias of it.
        self.anchors.insert(anchor, node.clone());
        Ok(node)
    }

    /// Reads what may be enclosed in braces or brackets.
    fn enclosed<T>(
        &mut self,
        span: Span,
        read: impl FnOnce(&mut Self) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let is_enclosed = self.is_enclosed(span);
        self.flow += usize::from(is_enclosed);
        let read = read(self);
        self.flow -= usize::from(is_enclosed);
        read
    }

    /// Whether a collection begins with a brace or bracket, after its anchor and tag.
    fn is_enclosed(&self, span: Span) -> bool {
        let mut rest = self.chars.get(span.start.index()..).unwrap_or_default();
        while let ['&' | '!', ..] = rest {
            let is_space = |c: &char| c.is_whitespace();
            let word = rest.iter().position(is_space).unwrap_or(rest.len());
            let space = rest[word..].iter().take_while(|c| is_space(c)).count();
            rest = &rest[word + space..];
        }
        matches!(rest, ['{' | '[', ..])
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Rc<Node>>, Problem> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(items),
                (event, span) => items.push(self.node(event, span, depth + 1)?),
            }
        }
    }

    fn mapping(&mut self, depth: usize) -> Result<Vec<Entry>, Problem> {
        let mut keys = HashMap::new();
        let mut entries: Vec<Entry> = Vec::new();
        let mut merged = Vec::new();
        loop {
            let (event, span) = match self.next()? {
                (Event::MappingEnd, _) => break,
                next => next,
            };
            let key = self.node(event, span, depth + 1)?;
            let at = span.start.into();
            let (event, span) = self.next()?;
            let value = self.node(event, span, depth + 1)?;
            let Data::Scalar { text, .. } = &key.data else {
                return Err(Problem::new(at, "a key has to be one word"));
            };
            if let Some(first) = keys.insert(text.clone(), at) {
                let message = format!("the key `{text}` stands at {first} too");
                return Err(Problem::new(at, message));
            }
            if key.plain() == Some("<<") {
                merged.extend(merge(&value)?);
            } else if !key.is_null() {
                // CVT drops a key that is nothing, and its value.
                let key = text.clone();
                entries.push(Entry { key, at, value });
            }
        }
        // What is written wins over what is merged, and what is merged first over the rest.
        for entry in merged {
            if entries.iter().all(|known| known.key != entry.key) {
                entries.push(entry);
            }
        }
        Ok(entries)
    }
}

/// The entries that `<<: value` brings in.
fn merge(value: &Rc<Node>) -> Result<Vec<Entry>, Problem> {
    let no_mapping = |at| Problem::new(at, "`<<` merges mappings, and this is none");
    let mappings = match &value.data {
        Data::List(mappings) => mappings.as_slice(),
        _ => std::slice::from_ref(value),
    };
    let mut entries = Vec::new();
    for mapping in mappings {
        match &mapping.data {
            Data::Mapping(merged) => entries.extend_from_slice(merged),
            _ => return Err(no_mapping(mapping.at)),
        }
    }
    Ok(entries)
}

fn no_yaml(error: &ScanError) -> Problem {
    Problem::new(
        *error.marker(),
        format!("this is no YAML: {}", error.info()),
    )
}

#[cfg(test)]
mod tests;
