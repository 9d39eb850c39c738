//! Why a text is not a valid value.

use std::fmt;

use super::ValueType;

/// Longer texts are cut in messages.
const MAX_SHOWN: usize = 200;

/// Why a text is not a value of a type: `invalid value "30": expected a duration: time unit needed`.
///
/// It borrows the text, which may be a secret, so that no copy of it is made.
pub struct InvalidValue<'v> {
    text: &'v str,
    /// Such as `a duration`; empty if only the reason tells.
    expected: String,
    /// What the parser says; may be empty.
    reason: Box<dyn fmt::Display>,
}

impl<'v> InvalidValue<'v> {
    pub(crate) fn new(
        text: &'v str,
        expected: impl Into<String>,
        reason: impl fmt::Display + 'static,
    ) -> Self {
        Self {
            text,
            expected: expected.into(),
            reason: Box::new(reason),
        }
    }

    /// For a text that cannot be parsed as a `T`.
    pub(crate) fn of<T: 'static>(text: &'v str, reason: impl fmt::Display + 'static) -> Self {
        if let Some(expected) = ValueType::of::<T>().expected(text) {
            return Self::new(text, expected, "");
        }
        Self::new(text, without_paths(std::any::type_name::<T>()), reason)
    }
}

impl fmt::Display for InvalidValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid value {:?}", shortened(self.text))?;
        if !self.expected.is_empty() {
            write!(f, ": expected {}", self.expected)?;
        }
        match self.reason.to_string().trim() {
            "" => Ok(()),
            reason => write!(f, ": {}", shortened(reason)),
        }
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}..", &text[..end]),
        None => text.to_owned(),
    }
}

/// A type's name as one would write it: `Vec<Url>` for `std::vec::Vec<url::Url>`.
fn without_paths(name: &str) -> String {
    let mut short = String::new();
    let mut start = 0;
    for c in name.chars() {
        if c == ':' {
            short.truncate(start);
            continue;
        }
        short.push(c);
        if !c.is_alphanumeric() && c != '_' {
            start = short.len();
        }
    }
    short
}

#[cfg(test)]
mod tests {
    use super::{InvalidValue, MAX_SHOWN, without_paths};

    #[test]
    fn message_names_the_text_and_what_is_expected() {
        let invalid = InvalidValue::new("a\"b\n", "a name", "it has a quote");
        let message = r#"invalid value "a\"b\n": expected a name: it has a quote"#;
        assert_eq!(invalid.to_string(), message);
        let invalid = InvalidValue::new("abc", "a number", "");
        assert_eq!(
            invalid.to_string(),
            r#"invalid value "abc": expected a number"#
        );
        let invalid = InvalidValue::new("abc", "", "a share ends with %");
        let message = r#"invalid value "abc": a share ends with %"#;
        assert_eq!(invalid.to_string(), message);
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        let text = "ä".repeat(MAX_SHOWN + 1);
        let message = InvalidValue::new(&text, "a name", "no").to_string();
        let shown = "ä".repeat(MAX_SHOWN);
        let expected = format!("invalid value \"{shown}..\": expected a name: no");
        assert_eq!(message, expected);
    }

    #[test]
    fn type_is_named_without_its_path() {
        for (name, short) in [
            ("u64", "u64"),
            ("alloc::string::String", "String"),
            ("a::B<c::d::E, [f::G; 3]>", "B<E, [G; 3]>"),
        ] {
            assert_eq!(without_paths(name), short);
        }
    }
}
