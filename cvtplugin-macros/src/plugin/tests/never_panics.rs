//! Whatever the tokens, the macro expands, and with the author's own among them.

use proc_macro2::TokenStream;
use proptest::prelude::*;

use super::expand;
use crate::plugin::block::allowed_lints;

/// What arguments and plugins are made of, rightly or wrongly put together.
const WORDS: &[&str] = &[
    "name",
    "version",
    "main",
    "crate",
    "secrets",
    "worker_threads",
    "opt_out",
    "ignore",
    "=",
    ",",
    ";",
    ":",
    "::",
    "->",
    "&",
    "'a",
    "'_",
    "<",
    ">",
    "#",
    "!",
    "?",
    ".",
    "\"rest\"",
    "\"\"",
    "\"::cvtplugin\"",
    "0",
    "4usize",
    "99999999999999999999",
    "-1",
    "true",
    "false",
    "impl",
    "struct",
    "for",
    "where",
    "const",
    "async",
    "unsafe",
    "fn",
    "pub",
    "mut",
    "self",
    "Self",
    "dyn",
    "new",
    "set_config",
    "health",
    "shutdown",
    "fetch_schema",
    "register_consumer_usage",
    "on_validation_failed",
    "on_",
    "on_validation_fail",
    "r#fn",
    "cfg",
    "cvt_plugin",
    "Rest",
    "T",
    "Context",
    "Result",
    "Future",
    "String",
    "_",
    "é",
];

fn any_tokens() -> impl Strategy<Value = String> {
    let word = prop::sample::select(WORDS).prop_map(str::to_owned);
    let words = prop::collection::vec(word, 0..12).prop_map(|words| words.join(" "));
    words.prop_recursive(4, 48, 8, |inner| {
        let delimiters = prop::sample::select(&[("(", ")"), ("{", "}"), ("[", "]")][..]);
        let group = (delimiters, inner.clone())
            .prop_map(|((open, close), inner)| format!("{open} {inner} {close}"));
        prop::collection::vec(prop_oneof![group, inner], 0..6).prop_map(|parts| parts.join(" "))
    })
}

/// A block with a method that is nearly right.
fn nearly_a_plugin() -> impl Strategy<Value = String> {
    (
        any_tokens(),
        any_tokens(),
        any_tokens(),
        prop::sample::select(WORDS),
    )
        .prop_map(|(before, arguments, output, name)| {
            format!("impl Rest {{ {before} fn {name} ({arguments}) -> {output} {{}} }}")
        })
}

fn check(arguments: &str, item: &str) -> Result<(), TestCaseError> {
    let (Ok(arguments), Ok(item)) = (
        arguments.parse::<TokenStream>(),
        item.parse::<TokenStream>(),
    ) else {
        return Err(TestCaseError::reject("not made of Rust's tokens"));
    };
    let is_annotated = item.to_string().contains("cvt_plugin");
    let output = expand(arguments, &item).to_string();
    let output = output.replace(&format!("{} ", allowed_lints()), "");
    prop_assert!(
        is_annotated || output.starts_with(&item.to_string()),
        "{output}"
    );
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn on_any_arguments(arguments in any_tokens()) {
        check(&arguments, "impl Rest { fn on_validation_failed(&self, _: ValidationFailedRequest) {} }")?;
    }

    #[test]
    fn on_any_item(arguments in any_tokens(), item in any_tokens()) {
        check(&arguments, &item)?;
    }

    #[test]
    fn on_nearly_a_plugin(item in nearly_a_plugin()) {
        check("", &item)?;
    }
}
