//! What a text says once its percent-encoding or its escapes are decoded, and where it says so.

use secrecy::zeroize::Zeroizing;

/// A decoded text.
pub(super) struct View {
    pub(super) bytes: Zeroizing<Vec<u8>>,
    /// Where in the original text each byte begins, and, last, where the text ends.
    pub(super) places: Vec<usize>,
}

/// What a few bytes of a text stand for.
struct Unit {
    bytes: [u8; 4],
    length: usize,
    /// How many bytes of the text it takes.
    taken: usize,
}

/// What `\xe9` stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum HexEscape {
    /// The byte, as in Rust, in Go, and in the byte strings of both and of Python.
    Byte,
    /// The character of that number, as in Python's text.
    Character,
}

impl View {
    /// Decodes `%2F`, and `+` where that stands for a space.
    pub(super) fn percent_decoded(text: &[u8], plus_is_space: bool) -> Self {
        Self::decoded(text, |text| match text {
            [b'%', high, low, ..] => Some(Unit::byte(number(&[*high, *low], 16)?, 3)),
            [b'+', ..] if plus_is_space => Some(Unit::byte(u32::from(b' '), 1)),
            _ => None,
        })
    }

    /// Decodes the escapes of Rust, JSON, Go and Python.
    pub(super) fn unescaped(text: &[u8], hex: HexEscape) -> Self {
        Self::decoded(text, |text| escape(text, hex))
    }

    /// Decodes what is escaped in the decoded text as well.
    pub(super) fn unescaped_again(&self, hex: HexEscape) -> Self {
        let mut view = Self::unescaped(&self.bytes, hex);
        for place in &mut view.places {
            *place = self.places[*place];
        }
        view
    }

    /// The lists of numbers in `text` that are bytes: `[104, 117]`, `[104,117]` or `[104 117]`.
    pub(super) fn byte_lists(text: &[u8]) -> Vec<Self> {
        let starts = text.iter().enumerate().filter(|(_, byte)| **byte == b'[');
        starts
            .filter_map(|(at, _)| Self::byte_list(text, at + 1))
            .collect()
    }

    /// The bytes that are listed from `at` on, if there are any.
    fn byte_list(text: &[u8], mut at: usize) -> Option<Self> {
        let mut bytes = Zeroizing::new(Vec::with_capacity((text.len() - at) / 2 + 1));
        let mut places = Vec::new();
        loop {
            let digits = text[at..].iter().take_while(|byte| byte.is_ascii_digit());
            let digits = &text[at..at + digits.take(4).count()];
            let Some(byte) = number(digits, 10).and_then(|number| u8::try_from(number).ok()) else {
                break;
            };
            bytes.push(byte);
            places.push(at);
            at += digits.len();
            let gap = text[at..].iter().take_while(|byte| b", \n".contains(byte));
            at += gap.count();
        }
        places.push(at);
        (!bytes.is_empty()).then_some(Self { bytes, places })
    }

    fn decoded(text: &[u8], unit: impl Fn(&[u8]) -> Option<Unit>) -> Self {
        // No longer than the text: growing would leave copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
        let mut places = Vec::with_capacity(text.len() + 1);
        let mut at = 0;
        while at < text.len() {
            let unit = unit(&text[at..]).unwrap_or_else(|| Unit::byte(text[at].into(), 1));
            bytes.extend_from_slice(&unit.bytes[..unit.length]);
            places.resize(bytes.len(), at);
            at += unit.taken;
        }
        places.push(text.len());
        Self { bytes, places }
    }
}

impl Unit {
    fn byte(byte: u32, taken: usize) -> Self {
        Self {
            bytes: [u8::try_from(byte).unwrap_or_default(), 0, 0, 0],
            length: 1,
            taken,
        }
    }

    fn character(number: u32, taken: usize) -> Option<Self> {
        let mut bytes = [0; 4];
        let length = char::from_u32(number)?.encode_utf8(&mut bytes).len();
        Some(Self {
            bytes,
            length,
            taken,
        })
    }
}

/// The escape at the beginning of `text`, if there is one.
fn escape(text: &[u8], hex: HexEscape) -> Option<Unit> {
    let (b'\\', rest) = text.split_first()? else {
        return None;
    };
    let plain = match rest.first()? {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'0' => b'\0',
        b'a' => 0x07,
        b'b' => 0x08,
        b'f' => 0x0c,
        b'v' => 0x0b,
        b'x' if hex == HexEscape::Byte => return Some(Unit::byte(number(rest.get(1..3)?, 16)?, 4)),
        b'x' => return Unit::character(number(rest.get(1..3)?, 16)?, 4),
        b'u' => return unicode(rest),
        b'U' => return Unit::character(number(rest.get(1..9)?, 16)?, 10),
        other @ (b'\\' | b'"' | b'\'' | b'/') => *other,
        _ => return None,
    };
    Some(Unit::byte(plain.into(), 2))
}

/// `u00e9`, `ud83d\ude00` or `u{e9}`, after a backslash.
fn unicode(rest: &[u8]) -> Option<Unit> {
    if let Some(digits) = rest.strip_prefix(b"u{") {
        let length = digits.iter().take(7).position(|byte| *byte == b'}')?;
        return Unit::character(number(&digits[..length], 16)?, length + 4);
    }
    let first = number(rest.get(1..5)?, 16)?;
    if let Some(unit) = Unit::character(first, 6) {
        return Some(unit);
    }
    // One half of a pair of surrogates.
    let second = rest.get(5..)?.strip_prefix(b"\\u")?;
    let halves = [first, number(second.get(..4)?, 16)?].map(u16::try_from);
    let [Ok(first), Ok(second)] = halves else {
        return None;
    };
    let pair = char::decode_utf16([first, second]).next()?.ok()?;
    Unit::character(pair.into(), 12)
}

/// The number that `digits` are, if they are digits and nothing else.
fn number(digits: &[u8], radix: u32) -> Option<u32> {
    if digits.is_empty() {
        return None;
    }
    let mut digits = digits
        .iter()
        .map(|digit| char::from(*digit).to_digit(radix));
    digits.try_fold(0, |number, digit| Some(number * radix + digit?))
}

/// The runs of hexadecimal digits in `text` that are at least `shortest` long.
pub(super) fn hex_runs(text: &[u8], shortest: usize) -> Vec<std::ops::Range<usize>> {
    let is_digit = |byte: &u8| byte.is_ascii_hexdigit();
    let mut runs = Vec::new();
    let mut at = shortest - 1;
    // A run that is long enough has a digit at one of these places.
    while at < text.len() {
        if !is_digit(&text[at]) {
            at += shortest;
            continue;
        }
        let before = text[..at].iter().rev().take_while(|byte| is_digit(byte));
        let after = text[at..].iter().take_while(|byte| is_digit(byte));
        let run = at - before.count()..at + after.count();
        at = run.end + shortest;
        if run.len() >= shortest {
            runs.push(run);
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unescaped(text: &str) -> String {
        let view = View::unescaped(text.as_bytes(), HexEscape::Byte);
        assert_eq!(view.places.len(), view.bytes.len() + 1);
        String::from_utf8(view.bytes.to_vec()).expect("text")
    }

    #[test]
    fn escapes_of_every_language_are_decoded() {
        for (text, expected) in [
            (r#"a\"b\\c\n\t\0"#, "a\"b\\c\n\t\0"),
            (r"\u00e9\u{e9}\xc3\xa9\U000000e9", "éééé"),
            (r"\ud83d\ude00\u{1f600}", "😀😀"),
            (r"\q\x4\u12\u{}\ud83d\", r"\q\x4\u12\u{}\ud83d\"),
        ] {
            assert_eq!(unescaped(text), expected);
        }
        let view = View::unescaped(br"\xe9", HexEscape::Character);
        assert_eq!(*view.bytes, "é".as_bytes());
    }

    #[test]
    #[ignore = "slow: .ci/run runs it"]
    fn escapes_are_as_long_as_their_character_at_least() {
        for character in '\0'..=char::MAX {
            for text in [
                format!("{character:?}"),
                character.escape_unicode().to_string(),
                serde_json::Value::from(character.to_string()).to_string(),
            ] {
                let decoded = unescaped(&text);
                assert!(decoded.contains(character), "{text}");
                assert!(decoded.len() <= text.len(), "{text}");
            }
        }
    }

    #[test]
    fn places_are_those_of_the_original_text() {
        let view = View::percent_decoded(b"a%2Fb+c%zz", true);
        assert_eq!(*view.bytes, b"a/b c%zz");
        assert_eq!(view.places, [0, 1, 4, 5, 6, 7, 8, 9, 10]);
        let view = View::unescaped(br#"x\\\"y"#, HexEscape::Byte);
        let again = view.unescaped_again(HexEscape::Byte);
        assert_eq!(*again.bytes, b"x\"y");
        assert_eq!(again.places, [0, 1, 5, 6]);
    }

    #[test]
    fn lists_of_bytes_are_decoded() {
        for text in [
            "x[104, 117] [",
            "x[104,117] [",
            "x[104 117] [",
            "x[104, 117, 256] [",
        ] {
            let [list] = &View::byte_lists(text.as_bytes())[..] else {
                panic!("one list: {text}");
            };
            assert_eq!(*list.bytes, b"hu");
            assert_eq!(list.places[0], 2);
        }
    }

    #[test]
    fn runs_of_hexadecimal_digits_are_found_wherever_they_begin() {
        for before in 0..20 {
            let text = format!("{}0123aBcD-dead{}", "x".repeat(before), "f".repeat(9));
            let runs = hex_runs(text.as_bytes(), 8);
            assert_eq!(runs, [before..before + 8, before + 9..text.len()]);
        }
        assert!(hex_runs(b"0123abc 0123abc", 8).is_empty());
    }
}
