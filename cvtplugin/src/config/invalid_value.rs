//! Why a text is no value.

use std::fmt;

use super::builtin;

/// Longer texts are cut in messages.
const LONGEST: usize = 200;

/// Why a text is no value of a type: `"30" is no duration: time unit needed`.
///
/// It borrows the text, which may be a secret, so that no copy of it is made.
pub struct Unfit<'v> {
    text: &'v str,
    /// Such as `is no duration`.
    fault: String,
    /// May be empty.
    reason: Box<dyn fmt::Display>,
}

impl<'v> Unfit<'v> {
    pub(crate) fn new(
        text: &'v str,
        fault: impl Into<String>,
        reason: impl fmt::Display + 'static,
    ) -> Self {
        Self {
            text,
            fault: fault.into(),
            reason: Box::new(reason),
        }
    }

    /// For a text that is no `T`.
    pub(crate) fn of<T: 'static>(text: &'v str, reason: impl fmt::Display + 'static) -> Self {
        if let Some(fault) = builtin::fault::<T>(text) {
            return Self::new(text, fault, "");
        }
        let name = without_paths(std::any::type_name::<T>());
        Self::new(text, format!("is no {name}"), reason)
    }
}

impl fmt::Display for Unfit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = shortened(self.text);
        let reason = self.reason.to_string();
        write!(f, "{text:?} {}", self.fault)?;
        match reason.trim() {
            "" => Ok(()),
            reason => write!(f, ": {}", shortened(reason)),
        }
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}..", &text[..end]),
        None => text.to_owned(),
    }
}

/// A type's name as one would write it: `std::vec::Vec<url::Url>` is `Vec<Url>`.
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
    use super::{LONGEST, Unfit, without_paths};

    #[test]
    fn says_what_is_wrong_with_which_text() {
        let unfit = Unfit::new("a\"b\n", "is no name", "it has a quote");
        assert_eq!(unfit.to_string(), r#""a\"b\n" is no name: it has a quote"#);
        let unfit = Unfit::new("abc", "is no number", "");
        assert_eq!(unfit.to_string(), r#""abc" is no number"#);
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let text = "ä".repeat(LONGEST + 1);
        let message = Unfit::new(&text, "is no name", "no").to_string();
        let expected = format!("\"{}..\" is no name: no", "ä".repeat(LONGEST));
        assert_eq!(message, expected);
    }

    #[test]
    fn a_type_is_named_without_its_path() {
        for (name, short) in [
            ("u64", "u64"),
            ("alloc::string::String", "String"),
            ("a::B<c::d::E, [f::G; 3]>", "B<E, [G; 3]>"),
        ] {
            assert_eq!(without_paths(name), short);
        }
    }
}
