//! As much of YAML as a stanza needs.

use std::fmt::Write as _;

/// A string: as it is where no reader could take it for anything else, quoted otherwise.
pub(super) fn scalar(text: &str) -> String {
    let plain = |char: char| char.is_ascii_alphanumeric() || "/._-~:".contains(char);
    let starts_plainly =
        text.starts_with("~/") || text.starts_with(|char: char| char.is_ascii_alphabetic());
    let is_plain = starts_plainly
        && text.chars().all(plain)
        && !text.ends_with(':')
        && !matches!(
            text.to_ascii_lowercase().as_str(),
            "true" | "false" | "yes" | "y" | "no" | "n" | "on" | "off" | "null"
        );
    if is_plain { text.into() } else { quoted(text) }
}

/// JSON's strings are YAML's double-quoted ones, but for some characters.
fn quoted(text: &str) -> String {
    let mut quoted = String::new();
    for char in serde_json::Value::from(text).to_string().chars() {
        if breaks_lines(char) {
            // Writing to a string never fails.
            let _ = write!(quoted, "\\u{:04x}", u32::from(char));
        } else {
            quoted.push(char);
        }
    }
    quoted
}

/// A comment of one line, whatever is in it.
pub(super) fn comment(line: &str) -> String {
    let comment = format!("# {}", line.replace(breaks_lines, " "));
    comment.trim_end().to_owned()
}

/// Whether YAML takes a character for a line's end, or for none of a text's.
fn breaks_lines(char: char) -> bool {
    char.is_control()
        || matches!(
            char,
            '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        )
}

#[cfg(test)]
mod tests {
    use super::{comment, scalar};

    #[test]
    fn plain_text_alone_is_unquoted() {
        for text in ["https://a.example/v1", "~/.cvt", "a-b_c.d", "base_url", "l"] {
            assert_eq!(scalar(text), text);
        }
        for text in [
            "10", "true", "a: b", "#x", "~", "", "a:", "30s", "it's", "a\nb", "Null", "n", "über",
        ] {
            assert!(scalar(text).starts_with('"'), "{text}");
        }
    }

    #[test]
    fn line_breaks_are_escaped() {
        assert_eq!(
            scalar("a\u{85}\u{2028}b\u{7f}"),
            r#""a\u0085\u2028b\u007f""#
        );
        assert_eq!(comment("a\rb: \u{2029}c "), "# a b:  c");
        assert_eq!(comment(""), "#");
    }
}
