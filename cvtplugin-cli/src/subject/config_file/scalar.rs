//! What a scalar is: text, nothing at all, or what its text alone says.

use saphyr_parser::{ScalarStyle, Tag};

use super::yaml::Data;

/// A scalar as it is read, by its style and its tag.
///
/// # Errors
///
/// For a tag that does not fit, without showing the text.
pub(super) fn scalar(text: String, style: ScalarStyle, tag: Option<&Tag>) -> Result<Data, String> {
    let Some(tag) = tag else {
        let quoted = style != ScalarStyle::Plain;
        return Ok(Data::Scalar { text, quoted });
    };
    let fits = match tag.suffix.as_str() {
        _ if !tag.is_yaml_core_schema() => None,
        "null" => Some(is_null(&text)),
        "bool" => Some(is_bool(&text)),
        "int" => Some(integer(&text).is_some()),
        "float" => Some(is_special(&text) || number(&text).is_some()),
        "binary" => return Err("`!!binary` is not read here: write the text itself".to_owned()),
        _ => None,
    };
    if fits == Some(false) {
        return Err(format!("this cannot be read as `!!{}`", tag.suffix));
    }
    let quoted = fits.is_none();
    Ok(Data::Scalar { text, quoted })
}

/// Whether a plain scalar means nothing.
pub(super) fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

fn is_bool(text: &str) -> bool {
    matches!(text, "true" | "True" | "TRUE" | "false" | "False" | "FALSE")
}

/// Whether a plain scalar is infinite, or no number.
fn is_special(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN")
}

/// An integer, in any spelling: `10`, `-1`, `0x1f`, `0o17`, `017`, `0b11`, `1_000`.
pub(super) fn integer(text: &str) -> Option<i64> {
    let text = spelled(text)?;
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(unsigned) => (-1, unsigned),
        None => (1, text.strip_prefix('+').unwrap_or(&text)),
    };
    let (radix, digits) = match unsigned.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &unsigned[2..]),
        [b'0', b'o' | b'O', ..] => (8, &unsigned[2..]),
        [b'0', b'b' | b'B', ..] => (2, &unsigned[2..]),
        [b'0', _, ..] => (8, &unsigned[1..]),
        _ => (10, unsigned),
    };
    let is_digits = digits.chars().all(|c| c.is_digit(radix));
    let value = is_digits.then(|| i64::from_str_radix(digits, radix).ok())?;
    value.map(|value| sign * value)
}

/// A number, with or without a fraction.
pub(super) fn number(text: &str) -> Option<f64> {
    let text = spelled(text)?;
    let is_decimal = text
        .chars()
        .all(|c| matches!(c, '0'..='9' | '+' | '-' | '.' | 'e' | 'E'));
    is_decimal.then(|| text.parse().ok())?
}

/// What may be a number, without the `_` between its digits.
fn spelled(text: &str) -> Option<String> {
    let begins = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'));
    begins.then(|| text.replace('_', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_have_many_spellings() {
        for (text, expected) in [
            ("0", 0),
            ("10", 10),
            ("-1", -1),
            ("+1", 1),
            ("-0", 0),
            ("0x1F", 31),
            ("-0X1", -1),
            ("0o17", 15),
            ("017", 15),
            ("0b11", 3),
            ("1_000_", 1000),
        ] {
            assert_eq!(integer(text), Some(expected), "{text}");
        }
        for text in [
            "", "x", "_1", "1.0", "0x", "0x1.5", "0b2", "08", "--1", "+-1", "1e3",
        ] {
            assert_eq!(integer(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_may_have_a_fraction() {
        for (text, expected) in [("1.5", 1.5), ("-.5", -0.5), ("2.", 2.0), ("+1_0e-1", 1.0)] {
            let read = number(text).expect(text);
            assert!((read - expected).abs() < f64::EPSILON, "{text}: {read}");
        }
        for text in ["", "x", "inf", "nan", ".inf", "0x1", "1.2.3", "e5", "."] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn a_tag_says_how_the_text_is_read_or_does_not_fit() {
        let read = |text: &str, suffix: &str| {
            let handle = "tag:yaml.org,2002:".to_owned();
            let suffix = suffix.to_owned();
            let tag = Tag { handle, suffix };
            scalar(text.to_owned(), ScalarStyle::SingleQuoted, Some(&tag))
        };
        for (text, suffix, is_text) in [
            ("~", "str", true),
            ("x", "map", true),
            ("~", "null", false),
            ("", "null", false),
            ("5", "int", false),
            ("5", "float", false),
            ("-.INF", "float", false),
            ("true", "bool", false),
        ] {
            let read = read(text, suffix).expect(text);
            let Data::Scalar { quoted, .. } = read else {
                panic!("{read:?}")
            };
            assert_eq!(quoted, is_text, "!!{suffix} {text}");
        }
        for (text, suffix) in [
            ("hunter2", "null"),
            ("hunter2", "int"),
            ("5.0", "int"),
            ("hunter2", "float"),
            ("hunter2", "bool"),
            ("yes", "bool"),
            ("hunter2", "binary"),
        ] {
            let why = read(text, suffix).expect_err(text);
            assert!(why.contains(&format!("!!{suffix}`")), "{why}");
            assert!(!why.contains("hunter2"), "{why}");
        }
    }
}
