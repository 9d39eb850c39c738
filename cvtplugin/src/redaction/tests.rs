use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose;

use super::*;

fn redactor(secrets: &[&str]) -> Redactor {
    let redactor = Redactor::default();
    for (number, secret) in secrets.iter().enumerate() {
        redactor.hide(&format!("key {number}"), &SecretString::from(*secret));
    }
    redactor
}

#[test]
fn every_secret_is_hidden_everywhere() {
    let redactor = redactor(&["hunter2", "12345", "hunter2-long"]);
    assert_eq!(
        redactor.redact("hunter2, hunter2-long and 12345"),
        "[redacted], [redacted] and [redacted]"
    );
    let fields = [
        ("token", Value::from("Bearer hunter2")),
        ("number", Value::from(912_345)),
        ("list", serde_json::json!([{"a": "hunter2"}])),
        ("flag", Value::from(true)),
        ("hunter2", Value::Null),
    ];
    let fields = fields.map(|(key, value)| (key.to_owned(), value));
    let shown = redactor.redact_fields(fields.into_iter().collect(), usize::MAX);
    assert_eq!(
        Value::Object(shown),
        serde_json::json!({
            "token": "Bearer [redacted]",
            "number": "[redacted]",
            "list": "[redacted]",
            "flag": true,
            "[redacted]": null,
        })
    );
}

#[test]
fn secrets_that_overlap_leave_nothing_of_each_other() {
    let redactor = redactor(&["hunter2", "2-long-tail"]);
    assert_eq!(redactor.redact("a hunter2-long-tail b"), "a [redacted] b");
}

#[test]
fn short_secrets_are_left_alone() {
    assert_eq!(redactor(&["abc", ""]).redact("abc"), "abc");
    assert!(!redactor(&[""]).has_secrets());
}

#[test]
fn values_of_unknown_keys_and_each_secret_of_a_list_are_hidden() {
    #[derive(crate::PluginConfig)]
    #[config(crate = "crate")]
    #[allow(dead_code)]
    struct Config {
        tokens: Option<Vec<SecretString>>,
        token: Option<SecretString>,
        names: Option<Vec<String>>,
    }
    let redactor = Redactor::default();
    for (key, value) in [
        ("tokens", "hunter2, hunter3"),
        ("token", "this,that"),
        ("tokn", "misspelt"),
        ("names", "peter"),
    ] {
        redactor.hide_if_secret(<Config as crate::PluginConfig>::KEYS, key, &value.into());
    }
    assert_eq!(
        redactor.redact("hunter2 hunter3 this that peter misspelt this,that"),
        "[redacted] [redacted] this that peter [redacted] [redacted]"
    );
}

#[test]
fn replaced_values_stay_hidden_for_a_while() {
    let redactor = Redactor::default();
    let value = |number: usize| format!("value number {number:05}");
    for number in 0..3_000 {
        redactor.hide("token", &value(number).into());
        // The host may set a key to what it is.
        redactor.hide("token", &value(number).into());
    }
    redactor.hide("token", &value(2_990).into());
    for number in 2_984..3_000 {
        assert_eq!(redactor.redact(&value(number)), REDACTED);
    }
    assert_eq!(redactor.redact(&value(2_983)), value(2_983));
}

#[test]
fn a_text_that_cannot_be_looked_through_is_hidden() {
    let redactor = redactor(&["hunter2"]);
    redactor.hide("file", &"0123456789abcdef".repeat(100_000).into());
    for text in ["anything", "hunter2"] {
        assert!(redactor.redact(text).starts_with("[redacted: "));
    }
    assert_eq!(redactor.redact(""), "");
    assert_eq!(redactor.place_to_cut(b"anything"), 8);
}

#[test]
fn long_texts_are_cut_but_no_secret_is() {
    let redactor = redactor(&["hunter2"]);
    let text = format!("{}hunter2{}", "x".repeat(95), "y".repeat(1000));
    assert_eq!(
        redactor.redact_start(&text, 100),
        format!("{}[redacted]… [1000 bytes cut]", "x".repeat(95))
    );
    let encoded = format!("{}%68unter2{}", "x".repeat(95), "y".repeat(1000));
    assert!(!redactor.redact_start(&encoded, 100).contains("%68"));
    assert_eq!(
        Redactor::default().redact_start("abcdef", 3),
        "abc… [3 bytes cut]"
    );
    let many = "hunter2 ".repeat(1000);
    assert!(redactor.redact_start(&many, 1000).len() < 1100);
}

#[test]
fn errors_and_their_sources_are_redacted_and_cut() {
    let source = std::io::Error::other("401 for hunter2");
    let error = Error::unavailable("the registry").with_source(source);
    let redactor = redactor(&["hunter2"]);
    let shown = redactor.redact_error(&error);
    assert_eq!(shown.message(), "the registry: 401 for [redacted]");
    for redactor in [redactor, Redactor::default()] {
        let long = Error::internal("x".repeat(20 * MAX_STATUS_MESSAGE));
        let shown = redactor.redact_error(&long);
        assert!(shown.message().len() < MAX_STATUS_MESSAGE + 64);
        assert!(shown.message().ends_with(" bytes cut]"));
    }
}

#[test]
fn lines_are_cut_where_no_secret_is() {
    let redactor = redactor(&["hunter2", "2-long-tail"]);
    let line = "x".repeat(300) + "hunter2-long-tail" + &"y".repeat(300);
    for length in 1..=line.len() {
        let place = redactor.place_to_cut(&line.as_bytes()[..length]);
        let (before, after) = line.split_at(place);
        let shown = format!("{}{}", redactor.redact(before), redactor.redact(after));
        assert!(
            !shown.contains("unt") && !shown.contains("tai"),
            "{length}: {shown}"
        );
    }
    assert_eq!(Redactor::default().place_to_cut(b"xxx"), 3);
    // A line of nothing but secrets is not waited for for ever.
    assert!(redactor.place_to_cut("hunter2".repeat(300).as_bytes()) > 0);
}

/// Numbers that look random, and are always the same.
struct Numbers(u64);

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
    fn secret(&mut self) -> String {
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
fn forms(secret: &str, numbers: &mut Numbers) -> Vec<String> {
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

#[test]
fn a_thousand_secrets_are_found_in_every_form() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let secrets: Vec<_> = (0..1_000).map(|_| numbers.secret()).collect();
    let redactors = secrets.chunks(20).flat_map(|some| {
        let some: Vec<_> = some.iter().map(String::as_str).collect();
        std::iter::repeat_n(redactor(&some), some.len())
    });
    for (secret, redactor) in secrets.iter().zip(redactors) {
        for form in forms(secret, &mut numbers) {
            let shown = redactor
                .redact(&format!("before: {form} after"))
                .into_owned();
            // The base64 of what is around the secret stays, and what surrounds it.
            assert!(shown.contains(REDACTED), "{secret:?}: {form:?}");
            let rest = shown.replace(REDACTED, "");
            let longest_rest = "before:  after".len() + 20;
            assert!(
                rest.len() <= longest_rest,
                "{secret:?}: {form:?} became {shown:?}"
            );
        }
    }
}

#[test]
fn a_thousand_texts_without_secrets_come_out_unchanged() {
    let mut numbers = Numbers(0x2545_f491_4f6c_dd1d);
    let secrets: Vec<_> = (0..50).map(|_| numbers.secret()).collect();
    let redactor = redactor(&secrets.iter().map(String::as_str).collect::<Vec<_>>());
    for _ in 0..1_000 {
        let other = numbers.secret();
        // Some lines are the same in all keys, and rightly hidden.
        let text = other
            .replace("-----BEGIN KEY-----", "")
            .replace("-----END KEY-----", "");
        for form in forms(&text, &mut numbers) {
            assert_eq!(redactor.redact(&form), form, "{text:?}");
        }
    }
}

#[test]
fn many_secrets_cost_no_more_than_one_build() {
    let redactor = Redactor::default();
    let mut seen = BTreeSet::new();
    for number in 0..2_000 {
        redactor.hide(
            &format!("key {number}"),
            &format!("token-{number:08}").into(),
        );
        seen.insert(Arc::as_ptr(&redactor.delivered().matcher()));
        assert!(redactor.delivered().matcher().get().is_none());
    }
    assert_eq!(redactor.redact("token-00001999"), REDACTED);
    assert!(redactor.delivered().matcher().get().is_some());
}
