//! Secrets of all kinds, and all the forms that they are promised to be found in: for tests, here and
//! of whole plugins.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE};
use serde_json::Value;

/// Numbers that look random, and are always the same.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    fn next(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).expect("it fits")
    }

    fn text(&mut self, alphabet: &[char], length: usize) -> String {
        let char = |_| alphabet[self.next(alphabet.len())];
        (0..length).map(char).collect()
    }

    /// A secret of one kind or another.
    pub(crate) fn secret(&mut self) -> String {
        const MARKS: &str = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ ";
        const ODD: &str = "äßéñ漢字😀\t\u{a0}\u{7f}\u{1}";
        let letters: Vec<_> = ('a'..='z').chain('A'..='Z').chain('0'..='9').collect();
        let with = |more: &str| {
            letters
                .iter()
                .copied()
                .chain(more.chars())
                .collect::<Vec<_>>()
        };
        let length = 4 + self.next(40);
        let text = match self.next(4) {
            0 => self.text(&letters, length),
            1 => self.text(&with(MARKS), length),
            2 => self.text(&with(&(MARKS.to_owned() + ODD)), length),
            _ => {
                let lines = (0..=self.next(6)).map(|_| self.text(&letters, 64) + "\n");
                let lines: String = lines.collect();
                format!("-----BEGIN KEY-----\n{lines}-----END KEY-----\n")
            }
        };
        // What is around a secret is not part of it.
        if text.trim().len() < 4 {
            return "s3cret".to_owned();
        }
        text
    }

    /// The same text, but for the case of its letters.
    fn either_case(&mut self, text: &str) -> String {
        let case = |char: char| match self.next(2) {
            0 => char.to_ascii_uppercase(),
            _ => char.to_ascii_lowercase(),
        };
        text.chars().map(case).collect()
    }
}

/// Each form that `secret` is promised to be found in.
pub(crate) fn forms(secret: &str, numbers: &mut Numbers) -> Vec<String> {
    let bytes = secret.as_bytes();
    let each_byte = |prefix: &str| -> String {
        let append = |mut text: String, byte: &u8| {
            let _ = write!(text, "{prefix}{byte:02x}");
            text
        };
        bytes.iter().fold(String::new(), append)
    };
    let mut forms = vec![
        secret.to_owned(),
        numbers.either_case(&each_byte("")),
        numbers.either_case(&each_byte("%")),
        percent_encoded(bytes, "-_.~"),
        percent_encoded(bytes, "-_.!~*'();/?:@&=+$,#"),
        percent_encoded(bytes, "-_.* ").replace(' ', "+"),
        format!("{bytes:?}"),
        format!("{bytes:?}").replace(", ", " "),
    ];
    forms.extend(escaped(secret));
    // The base64 of shorter texts is not looked for.
    for engine in [STANDARD, URL_SAFE, STANDARD_NO_PAD]
        .iter()
        .filter(|_| bytes.len() >= 8)
    {
        let positions = ["", "u", "us", "use"];
        forms.extend(positions.map(|before| engine.encode(format!("{before}{secret}"))));
    }
    forms
}

fn percent_encoded(bytes: &[u8], keep: &str) -> String {
    let encode = |byte: &u8| match char::from(*byte) {
        char if char.is_ascii_alphanumeric() || keep.contains(char) => char.to_string(),
        _ => format!("%{byte:02X}"),
    };
    bytes.iter().map(encode).collect()
}

/// As Rust, JSON, Go and Python write it, once and twice.
fn escaped(secret: &str) -> Vec<String> {
    let unquoted = |text: String| text[1..text.len() - 1].to_owned();
    let json = |text: &str| unquoted(Value::from(text).to_string());
    let go = |text: &str| json(text).replace('<', r"\u003c").replace('&', r"\u0026");
    let rust = |text: &str| unquoted(format!("{text:?}"));
    vec![
        rust(secret),
        json(secret),
        go(secret),
        python(secret),
        secret.escape_default().to_string(),
        secret.escape_unicode().to_string(),
        secret.as_bytes().escape_ascii().to_string(),
        rust(&rust(secret)),
        rust(&json(secret)),
        json(&go(secret)),
        json(&json(secret)),
        json(&python(secret)),
    ]
}

fn python(text: &str) -> String {
    let escape = |char: char| match char {
        '\\' | '\'' => format!("\\{char}"),
        ' '..='~' => char.to_string(),
        '\n' => "\\n".to_owned(),
        '\0'..='\u{ff}' => format!("\\x{:02x}", u32::from(char)),
        '\u{100}'..='\u{ffff}' => format!("\\u{:04x}", u32::from(char)),
        _ => format!("\\U{:08x}", u32::from(char)),
    };
    text.chars().map(escape).collect()
}
