//! Secrets of all kinds, and all the forms that they are promised to be found in: for tests, here and
//! of whole plugins.

use base64::Engine as _;
use base64::engine::general_purpose;
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

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.next(of.len())]
    }

    fn text(&mut self, alphabet: &[char], length: usize) -> String {
        (0..length).map(|_| self.pick(alphabet)).collect()
    }

    /// A secret of one kind or another.
    pub(crate) fn secret(&mut self) -> String {
        let letters: Vec<_> = ('a'..='z').chain('A'..='Z').chain('0'..='9').collect();
        let marks: Vec<_> = letters
            .iter()
            .copied()
            .chain("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ ".chars())
            .collect();
        let odd: Vec<_> = marks
            .iter()
            .copied()
            .chain("äßéñ漢字😀\t\u{a0}\u{7f}\u{1}".chars())
            .collect();
        let length = 4 + self.next(40);
        let text = match self.next(4) {
            0 => self.text(&letters, length),
            1 => self.text(&marks, length),
            2 => self.text(&odd, length),
            _ => {
                let lines: Vec<_> = (0..1 + self.next(6))
                    .map(|_| self.text(&letters, 64))
                    .collect();
                format!(
                    "-----BEGIN KEY-----\n{}\n-----END KEY-----\n",
                    lines.join("\n")
                )
            }
        };
        // What is around it is no part of it, and some of these may be of spaces alone.
        if text.trim().len() < 4 {
            "s3cret".to_owned()
        } else {
            text
        }
    }
}

/// Each form that `secret` is promised to be found in.
pub(crate) fn forms(secret: &str, numbers: &mut Numbers) -> Vec<String> {
    let either_case = |text: String, numbers: &mut Numbers| -> String {
        let case = |char: char| {
            if numbers.next(2) == 0 {
                char.to_ascii_uppercase()
            } else {
                char.to_ascii_lowercase()
            }
        };
        text.chars().map(case).collect()
    };
    let bytes = secret.as_bytes();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let percent = |keep: &str| -> String {
        let encode = |byte: &u8| match char::from(*byte) {
            char if char.is_ascii_alphanumeric() || keep.contains(char) => char.to_string(),
            _ => format!("%{byte:02X}"),
        };
        bytes.iter().map(encode).collect()
    };
    let unquoted = |text: String| text[1..text.len() - 1].to_owned();
    let rust = unquoted(format!("{secret:?}"));
    let json = unquoted(Value::from(secret).to_string());
    let go = json
        .replace('<', r"\u003c")
        .replace('>', r"\u003e")
        .replace('&', r"\u0026");
    let ascii: String = secret
        .chars()
        .map(|char| match char {
            '\\' | '\'' | '"' => format!("\\{char}"),
            ' '..='~' => char.to_string(),
            '\n' => "\\n".to_owned(),
            '\0'..='\u{ff}' => format!("\\x{:02x}", u32::from(char)),
            '\u{100}'..='\u{ffff}' => format!("\\u{:04x}", u32::from(char)),
            _ => format!("\\U{:08x}", u32::from(char)),
        })
        .collect();
    let mut forms = vec![
        secret.to_owned(),
        either_case(hex, numbers),
        either_case(
            bytes.iter().map(|byte| format!("%{byte:02x}")).collect(),
            numbers,
        ),
        percent("-_.~"),
        percent("-_.!~*'();/?:@&=+$,#"),
        percent("-_.* ").replace(' ', "+"),
        secret.escape_default().to_string(),
        secret.escape_unicode().to_string(),
        bytes.escape_ascii().to_string(),
        format!("{bytes:?}"),
        format!("{bytes:?}").replace(", ", " "),
        unquoted(format!("{rust:?}")),
        unquoted(Value::from(json.as_str()).to_string()),
        unquoted(format!("{json:?}")),
        rust,
        json,
        go,
        ascii,
    ];
    for engine in [
        general_purpose::STANDARD,
        general_purpose::URL_SAFE,
        general_purpose::STANDARD_NO_PAD,
    ] {
        for before in ["", "u", "us", "use"] {
            if secret.len() + before.len() >= 12 {
                forms.push(engine.encode(format!("{before}{secret}")));
            }
        }
    }
    forms
}
