//! What the main shapes expand to. `UPDATE_EXPECT=1 cargo test -p cvtplugin-macros` regenerates
//! the files.

use expect_test::{ExpectFile, expect_file};

use super::expanded;

const EVENT: &str =
    "async fn on_validation_failed(&self, event: ValidationFailedRequest) -> Result<()> { Ok(()) }";

/// Compares what stands beside the author's own block.
fn check(arguments: &str, methods: &str, expected: &ExpectFile) -> String {
    let text = expanded(arguments, &format!("impl Rest {{ {methods} }}"));
    let (_, generated) = text
        .split_once("\n}\n")
        .expect("the author's block comes first");
    expected.assert_eq(generated);
    generated.to_owned()
}

#[test]
fn one_event() {
    check(
        r#"name = "rest""#,
        EVENT,
        &expect_file!["snapshots/one_event.rs"],
    );
}

#[test]
fn four_handlers() {
    let generated = check(
        r#"name = "rest", version = "0.1.0""#,
        "async fn fetch_schema(&self, ctx: Context, request: FetchSchemaRequest) -> Result<FetchSchemaResponse> {}
         async fn register_consumer_usage(&self, request: RegisterConsumerUsageRequest) -> Result<()> {}
         fn on_breaking_change_detected(&self, event: BreakingChangeDetectedRequest) -> Result<()> {}
         async fn on_validation_failed(&self, event: ValidationFailedRequest) -> Result<()> {}",
        &expect_file!["snapshots/four_handlers.rs"],
    );
    let lines = generated.lines().count();
    assert!(lines < 120, "{lines} lines");
}

#[test]
fn every_hook() {
    let methods = format!(
        "fn new() -> Self {{}}
         async fn set_config(&self, ctx: Context, key: String, value: SecretString) -> Result<()> {{}}
         fn health(&self) -> Health {{}}
         async fn shutdown(&self) {{}}
         {EVENT}"
    );
    check(
        r#"name = "rest", secrets("token")"#,
        &methods,
        &expect_file!["snapshots/every_hook.rs"],
    );
}

#[test]
fn typed_config_in_a_library() {
    let methods = format!("async fn new(config: RestConfig) -> Result<Self> {{}} {EVENT}");
    let arguments = r#"name = "rest", main = false, crate = "::renamed", worker_threads = 4"#;
    check(
        arguments,
        &methods,
        &expect_file!["snapshots/typed_config_in_a_library.rs"],
    );
}

#[test]
fn half_a_registry() {
    check(
        r#"name = "rest", opt_out(register_consumer_usage)"#,
        "fn fetch_schema(&self, request: FetchSchemaRequest) -> Result<FetchSchemaResponse> {}",
        &expect_file!["snapshots/half_a_registry.rs"],
    );
}

#[test]
fn twins() {
    check(
        r#"name = "rest""#,
        "#[cfg(unix)] fn new() -> Self {}
         #[cfg(unix)] fn fetch_schema(&self, request: FetchSchemaRequest) -> Result<FetchSchemaResponse> {}
         #[cfg(not(unix))] async fn fetch_schema(&self, request: FetchSchemaRequest) -> Result<FetchSchemaResponse> {}
         #[cfg(feature = \"usage\")] #[cfg(unix)]
         async fn register_consumer_usage(&self, request: RegisterConsumerUsageRequest) -> Result<()> {}",
        &expect_file!["snapshots/twins.rs"],
    );
}

#[test]
fn ignored_methods() {
    let methods = format!(
        "#[cvt_plugin(ignore)] fn new(&self) {{}} #[cvt_plugin(ignore)] fn on_sight(&self) {{}} {EVENT}"
    );
    check(
        r#"name = "rest""#,
        &methods,
        &expect_file!["snapshots/one_event.rs"],
    );
}

#[test]
fn mistakes() {
    let methods = format!(
        "async fn fetch_schema(&mut self, request: FetchSchemaRequest) -> Result<FetchSchemaResponse> {{}} {EVENT}"
    );
    check(
        r#"name = "rest", opt_out(register_consumer_usage)"#,
        &methods,
        &expect_file!["snapshots/mistakes.rs"],
    );
}
