//! Whatever the tokens, the derive expands, and to Rust.

use proc_macro2::TokenStream;
use proptest::prelude::*;

use super::expand;

/// What attributes are made of, rightly or wrongly put together.
const WORDS: &[&str] = &[
    "default",
    "example",
    "rename",
    "secret",
    "parse_with",
    "crate",
    "r#default",
    "optional",
    "defualt",
    "=",
    ",",
    "-",
    "!",
    "::",
    "|",
    "&",
    "10",
    "-1",
    "1.5",
    "99999999999999999999",
    "0xffu8",
    "'x'",
    "b\"x\"",
    "true",
    "\"\"",
    "\"30s\"",
    "\"é b\"",
    "path",
    "Mode::Strict",
    "vec![1, 2]",
    "(",
    ")",
    "( 10 )",
    "é",
    "_",
];

const TYPES: &[&str] = &[
    "u8",
    "Option<u8>",
    "Option<Vec<bool>>",
    "Vec<&'static str>",
    "std::time::Duration",
    "(u8, Option<u8>)",
    "[u8; 4]",
    "fn(u8) -> u8",
    "impl Sized",
    "dyn Send",
    "_",
    "!",
    "Option",
    "Option<>",
    "Vec<u8, A>",
    "<T as U>::V",
    "é",
];

fn attribute() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(WORDS), 0..8).prop_map(|words| words.join(" "))
}

fn check(item: &str) -> Result<(), TestCaseError> {
    let Ok(item) = item.parse::<TokenStream>() else {
        return Err(TestCaseError::reject("not made of Rust's tokens"));
    };
    let output = expand(item);
    prop_assert!(syn::parse2::<syn::File>(output.clone()).is_ok(), "{output}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        max_global_rejects: 100_000,
        ..ProptestConfig::with_cases(2_000)
    })]

    #[test]
    fn on_any_attributes(
        on_struct in attribute(),
        on_field in attribute(),
        on_another in attribute(),
        ty in prop::sample::select(TYPES),
    ) {
        check(&format!(
            "#[config({on_struct})] struct Config {{
                #[config({on_field})] a: {ty},
                #[config({on_another})] b: u8,
            }}"
        ))?;
    }

    #[test]
    fn on_any_item(words in prop::collection::vec(
        prop::sample::select(&[
            "struct", "enum", "union", "Config", "<", "'a", ">", "T", "{", "}", "(", ")", ";", ":", "a: u8",
            ",", "pub", "where", "#[config]", "#[config = 1]", "#[doc = concat!()]", "#[doc]", "u8",
        ][..]),
        0..10,
    )) {
        check(&words.join(" "))?;
    }
}
