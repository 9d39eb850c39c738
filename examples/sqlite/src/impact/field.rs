//! The fields of a response that a consumer reads, as it writes them.

use std::fmt;

/// A dotted path into a response, such as `owner.email`, which passes through arrays.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FieldPath(Vec<String>);

impl FieldPath {
    /// Reads `items.sku`, `items[].sku`, `items[0].sku`, `items[*].sku` and `$.items.sku` alike;
    /// `None` if the text is blank.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let below_root = text
            .strip_prefix('$')
            .filter(|it| it.starts_with(['.', '[']) || it.is_empty());
        let segments = below_root.unwrap_or(text).split('.').map(without_index);
        let named = segments.filter(|segment| !segment.is_empty());
        Some(Self(named.map(str::to_owned).collect()))
    }

    /// All of a response.
    pub(crate) fn root() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn segments(&self) -> &[String] {
        &self.0
    }

    /// Whether who reads the one reads the other, or part of it. From a `*` on, they may.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        let both = self.0.iter().zip(&other.0);
        let mut named = both.take_while(|(one, other)| *one != "*" && *other != "*");
        named.all(|(one, other)| one == other)
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "$" } else { "" })?;
        f.write_str(&self.0.join("."))
    }
}

/// A segment without the indices at its end.
fn without_index(segment: &str) -> &str {
    let mut name = segment;
    while let Some((before, index)) = name.strip_suffix(']').and_then(|it| it.rsplit_once('[')) {
        if index != "*" && !index.bytes().all(|byte| byte.is_ascii_digit()) {
            break;
        }
        name = before;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> String {
        FieldPath::parse(text).expect("a path").to_string()
    }

    #[test]
    fn arrays_are_passed_through_however_they_are_written() {
        for text in [
            "items.sku",
            "items[].sku",
            "items[0].sku",
            "items[*].sku",
            "$.items.sku",
        ] {
            assert_eq!(parsed(text), "items.sku", "{text}");
        }
        assert_eq!(parsed("$[].matrix[][1].x"), "matrix.x");
        assert_eq!(parsed("[].sku"), "sku");
    }

    #[test]
    fn root_is_a_path_and_blank_is_none() {
        assert_eq!(parsed("$"), "$");
        assert_eq!(parsed("[]"), "$");
        assert_eq!(FieldPath::parse("  "), None);
    }

    #[test]
    fn names_may_look_odd() {
        assert_eq!(parsed("$ref.x"), "$ref.x");
        assert_eq!(parsed("tag[a]"), "tag[a]");
    }

    #[test]
    fn overlapping_is_one_below_the_other() {
        let overlap = |one, other| {
            let parse = |text| FieldPath::parse(text).expect("a path");
            parse(one).overlaps(&parse(other))
        };
        assert!(overlap("owner", "owner.email") && overlap("owner.email", "owner"));
        assert!(overlap("labels.*.x", "labels.y.x") && !overlap("labels.*", "name"));
        assert!(overlap("$", "name") && overlap("name", "name"));
        assert!(!overlap("owner.email", "owner.name") && !overlap("own", "owner"));
    }
}
