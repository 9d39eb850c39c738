use std::collections::BTreeSet;

use super::disguises::{Numbers, forms};
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
fn field_names_of_ours_stay_readable() {
    let redactor = redactor(&["target", "request"]);
    let fields = ["target", "request_id", "my target"].map(|key| (key.to_owned(), 1.into()));
    let shown = redactor.redact_fields(fields.into_iter().collect(), usize::MAX);
    let names: Vec<_> = shown.keys().map(String::as_str).collect();
    assert_eq!(names, ["my [redacted]", "request_id", "target"]);
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
    #[allow(dead_code, reason = "only its keys are used")]
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
fn text_that_cannot_be_searched_is_hidden() {
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

#[test]
fn thousand_secrets_are_found_in_every_form() {
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
fn thousand_texts_without_secrets_are_unchanged() {
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
