//! CVT's config.yaml in the place of a config on the command line.

use crate::support::{Ran, command, file, plugin};

/// A file with the typed plugin, and `more` after it.
fn config(more: &str) -> String {
    format!(
        "config_version: 1
plugins:
  typed:
    binary: {}
    timeout: 50ms
    secrets: [token]
    config:
      greeting: ${{TEST_GREETING:-hi}}
      audience: 0x10
      token: ${{TEST_TOKEN}}
{more}",
        plugin("typed").display()
    )
}

/// Calls with a config file of this content, and a token in the environment.
fn call(config: &str, arguments: &[&str]) -> Ran {
    let (_directory, path) = file("config.yaml", config);
    let mut command = command();
    command
        .env("TEST_TOKEN", "hunter2")
        .env_remove("TEST_GREETING")
        .args(["call", "--config-file"])
        .arg(path)
        .args(arguments);
    command.output().expect("it runs").into()
}

#[test]
fn file_names_the_binary_and_its_config() {
    for (schema, expected) in [("greeting", "hi"), ("audience", "0x10")] {
        let schema = format!("schema_id={schema}");
        let ran = call(&config(""), &["FetchSchema", &schema, "--raw", "spec"]);
        assert_eq!(ran.succeeded().stdout, expected);
    }
    let leak = call(&config(""), &["FetchSchema", "schema_id=leak-log"]).succeeded();
    assert!(leak.stderr.contains("[redacted]"), "{}", leak.stderr);
    assert!(!leak.stderr.contains("hunter2"), "{}", leak.stderr);
}

#[test]
fn command_line_wins_over_the_file() {
    let typed = plugin("typed");
    let typed = typed.to_str().expect("text");
    let config = config("").replace(typed, "/nowhere");
    let arguments = [
        "FetchSchema",
        "schema_id=greeting",
        "--config",
        "greeting=hey",
    ];
    let ran = call(&config, &[&[typed][..], &arguments].concat()).succeeded();
    assert_eq!(ran.response()["spec"], "hey");
    call(&config, &arguments).failed(&["cannot start /nowhere", "is the plugin built?"]);
}

#[test]
fn timeout_of_the_file_applies() {
    let arguments = ["FetchSchema", "schema_id=sleep"];
    call(&config(""), &arguments).failed(&["error: DeadlineExceeded"]);
}

#[test]
fn several_plugins_need_a_choice() {
    let several = config("  other: {binary: /nowhere}\n");
    call(&several, &["Info"]).failed(&["has several plugins", "--plugin (other, typed)"]);
    call(&several, &["Info", "--plugin", "typd"]).failed(&["did you mean `typed`?"]);
    call(&several, &["Info", "--plugin", "typed"]).succeeded();
    // Its name identifies it.
    let typed = plugin("typed");
    call(&several, &[typed.to_str().expect("text"), "Info"]).succeeded();
}

#[test]
fn file_invalid_is_refused_with_every_problem() {
    let wrong = config("hooks: {fetch_schemas: typed, on_validation_failed: slack}\n")
        .replace("50ms", "50")
        .replace("TEST_TOKEN", "TEST_UNSET")
        .replace("audience: 0x10", "audience: hunter2${TEST_GREETING}");
    let ran = call(&wrong, &["Info"]).failed(&[
        "CVT would not load this file:\n",
        "config.yaml:5:14: invalid `timeout` \"50\": expected a number with a unit",
        "config.yaml:9:17: the config key `audience`: env var \"TEST_GREETING\" unset",
        "config.yaml:10:14: the config key `token`: env var \"TEST_UNSET\" unset and no default",
        "config.yaml:11:9: `hooks` has no key `fetch_schemas`; did you mean `fetch_schema`?",
        "config.yaml:11:53: the hook `on_validation_failed` names no plugin of this file",
    ]);
    assert!(!ran.stderr.contains("hunter2"), "{}", ran.stderr);
}

#[test]
fn file_missing_is_named() {
    let mut command = command();
    command.args(["call", "--config-file", "/none.yaml", "Info"]);
    let ran = Ran::from(command.output().expect("it runs"));
    ran.failed(&["cannot read /none.yaml"]);
}

#[test]
fn secrets_of_the_file_are_never_shown() {
    let config = config("").replace("-typed", "-echo");
    for (schema, shown) in [
        ("plainerror:no token: hunter2", "no token: [redacted]"),
        ("stdout:hunter2", "stdout| [redacted]"),
        ("stderr:Bearer hunter2", "Bearer [redacted]"),
        ("log:warn:hunter2", "[redacted]"),
    ] {
        let schema = format!("schema_id={schema}");
        let ran = call(&config, &["FetchSchema", &schema]).printed(&[shown]);
        assert!(!ran.stderr.contains("hunter2"), "{}", ran.stderr);
    }
}

#[test]
fn word_instead_of_a_path_is_the_rpc() {
    call(&config(""), &["FetchShema", "schema_id=x"])
        .failed(&["unknown RPC `FetchShema`; did you mean `FetchSchema`?"]);
    call(&config(""), &["./health", "Info"]).failed(&["cannot start", "/health"]);
}
