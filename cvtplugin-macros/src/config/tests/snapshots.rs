//! What the main shapes expand to. `UPDATE_EXPECT=1 cargo test -p cvtplugin-macros` regenerates
//! the files.

use expect_test::expect_file;

use super::expanded;

#[test]
fn types_and_defaults() {
    let expanded = expanded(
        r#"struct RestConfig {
            /// Base URL of the registry's API.
            #[config(example = "https://registry.example.com")]
            base_url: Url,
            token: Option<SecretString>,
            #[config(default = 10)]
            timeout_seconds: u64,
            #[config(default = TIMEOUT)]
            timeout: Duration,
        }"#,
    );
    expect_file!["snapshots/types_and_defaults.rs"].assert_eq(&expanded);
}

#[test]
fn all_attributes() {
    let expanded = expanded(
        r#"#[config(crate = "::renamed")]
        struct RestConfig {
            #[config(rename = "key", secret, parse_with = path::to::function)]
            r#in: Option<Vec<Key>>,
        }"#,
    );
    expect_file!["snapshots/all_attributes.rs"].assert_eq(&expanded);
}

#[test]
fn mistakes() {
    let expanded = expanded("struct RestConfig { #[config(defualt = 10)] timeout: u64 }");
    expect_file!["snapshots/mistakes.rs"].assert_eq(&expanded);
}
