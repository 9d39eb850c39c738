//! Secrets: found in the output of a plugin, and kept out of ours.

use cvtplugin::{BoxError, ExposeSecret, SecretString};
use serde_json::Value;

/// Shorter values turn up by chance.
pub(crate) const MIN_SECRET: usize = 4;

/// What stands in the place of a secret.
const REDACTED: &str = "[redacted]";

/// Takes secrets out of text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Redaction(Vec<SecretString>);

impl Redaction {
    /// Of these secrets, and of all their forms.
    pub(crate) fn of<'a>(secrets: impl IntoIterator<Item = &'a SecretString>) -> Self {
        let secrets = secrets.into_iter().map(ExposeSecret::expose_secret);
        let long = secrets.filter(|secret| secret.len() >= MIN_SECRET);
        let mut forms: Vec<_> = long.flat_map(forms).collect();
        // One that is part of another would leave the rest of that.
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        Self(forms.into_iter().map(SecretString::from).collect())
    }

    /// The text without the secrets. Do this before anything is cut or quoted.
    pub(crate) fn redact(&self, text: &str) -> String {
        let forms = self.0.iter().map(ExposeSecret::expose_secret);
        forms.fold(text.to_owned(), |text, form| text.replace(form, REDACTED))
    }

    /// The error without the secrets.
    pub(crate) fn redact_error(&self, error: &BoxError) -> BoxError {
        self.redact(&error.to_string()).into()
    }
}

/// Whether a secret is in a text as it is, in quotes, or in a line of JSON.
pub(crate) fn is_in(secret: &str, text: &[u8]) -> bool {
    forms(secret).iter().any(|form| contains(text, form))
        || text.split(|byte| *byte == b'\n').any(|line| {
            let json = serde_json::from_slice(line);
            json.is_ok_and(|json| is_in_json(secret, &json))
        })
}

/// Whether a secret is in a key or a text, however those are escaped.
fn is_in_json(secret: &str, json: &Value) -> bool {
    match json {
        Value::String(text) => text.contains(secret),
        Value::Array(items) => items.iter().any(|item| is_in_json(secret, item)),
        Value::Object(fields) => fields
            .iter()
            .any(|(key, value)| key.contains(secret) || is_in_json(secret, value)),
        _ => false,
    }
}

/// A secret as it is, and as it is in quotes.
fn forms(secret: &str) -> Vec<String> {
    let json = Value::from(secret).to_string();
    let rust = format!("{secret:?}");
    // As Go writes JSON.
    let html = json
        .replace('&', r"\u0026")
        .replace('<', r"\u003c")
        .replace('>', r"\u003e");
    let unquoted = |text: String| text[1..text.len() - 1].to_owned();
    let mut forms = vec![secret.to_owned()];
    forms.extend([json, rust, html].map(unquoted));
    forms.sort();
    forms.dedup();
    forms
}

fn contains(text: &[u8], part: &str) -> bool {
    text.windows(part.len())
        .any(|window| window == part.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secret_is_found_in_every_escaping() {
        let secret = "a&b\"é<\n";
        for text in [
            "see a&b\"é<\n",
            r#"see "a&b\"é<\n""#,
            r#"x {"token": "a\u0026b\"é\u003c\n"}"#,
            r#"{"token": "a\u0026b\u0022\u00e9\u003c\u000a"}"#,
            "first\n{\"list\": [{\"a\\u0026b\\u0022\\u00e9\\u003c\\u000a\": 1}]}\nlast",
        ] {
            assert!(is_in(secret, text.as_bytes()), "{text}");
        }
        assert!(is_in("12345", br#"{"pin": 12345}"#));
        for text in ["", "a&b", r#"{"token": "a\u0026c"}"#] {
            assert!(!is_in(secret, text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn secret_is_redacted_in_every_form_unless_short() {
        let secrets = ["a&b\"c", "a&b\"c and more", "abc"].map(SecretString::from);
        let redaction = Redaction::of(&secrets);
        for (text, redacted) in [
            ("it is a&b\"c!", "it is [redacted]!"),
            ("it is a&b\"c and more", "it is [redacted]"),
            (r#""a\u0026b\"c""#, r#""[redacted]""#),
            (r#""a&b\"c""#, r#""[redacted]""#),
            ("abc", "abc"),
        ] {
            assert_eq!(redaction.redact(text), redacted);
        }
    }
}
