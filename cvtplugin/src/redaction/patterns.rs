//! The byte patterns that a secret is looked for by.

use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::{Engine as _, alphabet};
use secrecy::zeroize::Zeroizing;

/// A shorter text is in half of all words: it is left alone.
pub(super) const SHORTEST: usize = 4;

/// Encoded texts that are shorter turn up by chance.
const SHORTEST_ENCODED: usize = 8;

const BASE64: [GeneralPurpose; 2] = [engine(&alphabet::STANDARD), engine(&alphabet::URL_SAFE)];

const fn engine(alphabet: &alphabet::Alphabet) -> GeneralPurpose {
    let config = GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    GeneralPurpose::new(alphabet, config)
}

pub(super) type Pattern = Zeroizing<Vec<u8>>;

/// What `secret` is looked for by: itself, each of its lines, and its base64. What else it may be
/// disguised as is decoded before it is looked for.
pub(super) fn patterns(secret: &str) -> Vec<Pattern> {
    // What surrounds a secret is not secret, and often lost, such as the last newline of a file.
    let trimmed = secret.trim();
    let text = match trimmed.len() {
        SHORTEST.. => trimmed,
        1.. if secret.len() >= SHORTEST => secret,
        _ => return Vec::new(),
    };
    let mut patterns = vec![Zeroizing::new(text.as_bytes().to_vec())];
    if text.contains(['\n', '\r']) {
        // A line may stand alone, such as in a log, but not one that is mere punctuation.
        let lines = text.split(['\n', '\r']).map(str::trim);
        let lines = lines.filter(|line| says_something(line));
        patterns.extend(lines.map(|line| Zeroizing::new(line.as_bytes().to_vec())));
    }
    patterns.extend(in_base64(text.as_bytes()));
    patterns
}

/// Whether a line can be told apart from punctuation that is in any text.
fn says_something(line: &str) -> bool {
    let letters = line.chars().filter(|char| char.is_alphanumeric());
    letters.count() >= SHORTEST
}

/// The characters of the base64 of any text around `secret` that depend on `secret` alone, for each
/// place where it can begin in a group of three bytes, in both alphabets.
fn in_base64(secret: &[u8]) -> Vec<Pattern> {
    let mut patterns = Vec::new();
    for before in 0..3 {
        let mut whole = Zeroizing::new(Vec::with_capacity(before + secret.len()));
        whole.resize(before, 0);
        whole.extend_from_slice(secret);
        // Six bits a character; those that share bits with others are left out.
        let range = (before * 8).div_ceil(6)..whole.len() * 8 / 6;
        if range.len() < SHORTEST_ENCODED {
            continue;
        }
        for engine in BASE64 {
            let encoded = Zeroizing::new(engine.encode(&*whole));
            patterns.push(Zeroizing::new(encoded.as_bytes()[range.clone()].to_vec()));
        }
    }
    patterns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(secret: &str) -> Vec<String> {
        let text = |pattern: Pattern| String::from_utf8_lossy(&pattern).into_owned();
        patterns(secret).into_iter().map(text).collect()
    }

    #[test]
    fn short_texts_have_none() {
        for secret in ["", "abc", "  a ", "   "] {
            let expected = if secret == "  a " {
                vec!["  a "]
            } else {
                vec![]
            };
            assert_eq!(texts(secret), expected, "{secret:?}");
        }
    }

    #[test]
    fn base64_is_found_wherever_the_secret_begins() {
        let secret = "s3cret?>value~~";
        for engine in BASE64 {
            for before in ["", "x", "xy", "xyz"] {
                for after in ["", "x", "xy"] {
                    let encoded = engine.encode(format!("{before}{secret}{after}"));
                    let found = texts(secret).into_iter().any(|it| encoded.contains(&it));
                    assert!(found, "{encoded}");
                }
            }
        }
    }

    #[test]
    fn lines_of_punctuation_have_none() {
        let texts = texts("abcdefgh\n  },\n  ijklmnop");
        assert!(texts.contains(&"abcdefgh".to_owned()));
        assert!(texts.contains(&"ijklmnop".to_owned()));
        assert!(!texts.iter().any(|text| text.trim() == "},"), "{texts:?}");
    }
}
