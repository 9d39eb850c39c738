//! YAML as CVT reads it: scalars stay as they are written, and no key stands twice.

use std::collections::HashMap;
use std::rc::Rc;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput};

use super::problems::{Position, Problem};

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
    /// A scalar as it is written, less its quotes.
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
        matches!(&self.data, Data::Scalar { text, quoted: false }
            if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }
}

/// The first document of `text`; `None` if there is none.
pub(super) fn read(text: &str) -> Result<Option<Rc<Node>>, Problem> {
    let mut reader = Reader {
        events: Parser::new_from_str(text),
        anchors: HashMap::new(),
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
    events: Parser<'a, StrInput<'a>>,
    anchors: HashMap<usize, Rc<Node>>,
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
                let text = text.into_owned();
                let quoted = style != ScalarStyle::Plain || tag.is_some();
                (anchor, Data::Scalar { text, quoted })
            }
            Event::SequenceStart(anchor, _) => (anchor, Data::List(self.list(depth)?)),
            Event::MappingStart(anchor, _) => (anchor, Data::Mapping(self.mapping(depth)?)),
            _ => return Err(Problem::new(span.start, "a value is missing here")),
        };
        let at = span.start.into();
        let node = Rc::new(Node { at, data });
        // 0 is no anchor, and no alias of it.
        self.anchors.insert(anchor, node.clone());
        Ok(node)
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
            match &key.data {
                Data::Scalar { text, quoted } if text == "<<" && !quoted => {
                    merged.extend(merge(&value)?);
                }
                Data::Scalar { text, .. } => {
                    let key = text.clone();
                    add(&mut entries, Entry { key, at, value })?;
                }
                _ => return Err(Problem::new(at, "a key has to be one word")),
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

/// Adds an entry whose key is not there yet.
fn add(entries: &mut Vec<Entry>, entry: Entry) -> Result<(), Problem> {
    if let Some(first) = entries.iter().find(|known| known.key == entry.key) {
        let message = format!("the key `{}` stands at {} too", entry.key, first.at);
        return Err(Problem::new(entry.at, message));
    }
    entries.push(entry);
    Ok(())
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
mod tests {
    use super::*;

    /// The root's entries, values as they are written.
    fn entries(text: &str) -> Result<Vec<(String, String)>, Problem> {
        let root = read(text)?.expect("a document");
        let Data::Mapping(entries) = &root.data else {
            panic!("{root:?}")
        };
        let pair = |entry: &Entry| (entry.key.clone(), entry.value.text().unwrap_or("?").into());
        Ok(entries.iter().map(pair).collect())
    }

    #[test]
    fn scalars_stay_as_they_are_written() {
        for (written, text) in [
            ("10", "10"),
            ("yes", "yes"),
            ("0x10", "0x10"),
            ("1.50", "1.50"),
            ("'a ''b'''", "a 'b'"),
            (r#""a\tb""#, "a\tb"),
            ("!!str 5", "5"),
            ("a # comment", "a"),
            ("a#b", "a#b"),
            ("|\n  x\n  y\n", "x\ny\n"),
            ("", ""),
            ("~", ""),
            ("null", ""),
            ("NULL", ""),
            ("'null'", "null"),
            ("\"\"", ""),
        ] {
            let read = entries(&format!("key: {written}")).expect(written);
            assert_eq!(read, [("key".to_owned(), text.to_owned())], "{written}");
        }
    }

    #[test]
    fn aliases_and_merges_bring_in_what_they_name() {
        let text = "base: &base {a: 1, b: 2}\nother: &other {b: 3, c: 4}\nword: &w x\n";
        for (more, expected) in [
            ("map: {<<: *base}", "a=1 b=2"),
            ("map: {<<: *base, a: 9}", "a=9 b=2"),
            ("map: {a: 9, <<: *base}", "a=9 b=2"),
            ("map: {<<: [*base, *other]}", "a=1 b=2 c=4"),
            ("map: {a: *w}", "a=x"),
        ] {
            let root = read(&format!("{text}{more}")).expect(more).expect(more);
            let Data::Mapping(entries) = &root.data else {
                panic!("{root:?}")
            };
            let Some(Data::Mapping(map)) = entries.last().map(|entry| &entry.value.data) else {
                panic!("{root:?}")
            };
            let pair = |it: &Entry| format!("{}={}", it.key, it.value.text().expect("text"));
            let map: Vec<_> = map.iter().map(pair).collect();
            assert_eq!(map.join(" "), expected, "{more}");
        }
    }

    #[test]
    fn only_the_first_document_is_read() {
        let read = entries("a: 1\n---\nb: [\n").expect("the second is not looked at");
        assert_eq!(read, [("a".to_owned(), "1".to_owned())]);
    }

    #[test]
    fn no_document_is_none() {
        for text in ["", "\n\n", "# a comment\n"] {
            assert!(read(text).expect(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn mistakes_are_named_where_they_are() {
        let deep = "[".repeat(100);
        for (text, at, part) in [
            ("a: 1\nb: 2\na: 3", "3:1", "`a` stands at 1:1 too"),
            ("a: 1\n'a': 3", "2:1", "`a` stands"),
            ("a: {b: 1, b: 2}", "1:11", "`b` stands"),
            ("a: b: c", "1:5", "no YAML"),
            ("a: *none", "1:4", "no YAML"),
            ("a: &a {b: *a}", "1:11", "not complete"),
            ("[a]: b", "1:1", "one word"),
            ("a:\n  <<: 5", "2:7", "merges mappings"),
            (deep.as_str(), "1:66", "too deeply"),
        ] {
            let problem = read(text).expect_err(text);
            assert_eq!(problem.at.to_string(), at, "{text}: {problem}");
            assert!(problem.message.contains(part), "{text}: {problem}");
        }
    }
}
