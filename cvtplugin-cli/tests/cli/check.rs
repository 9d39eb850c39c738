//! `cvt-plugin check` with a config file. What it finds in broken plugins is tested beside those.

use std::process::Command;

use serde_json::Value;

use crate::support::{Ran, command, file, plugin};

#[test]
fn config_without_required_keys_and_hook_of_no_service_fail() {
    let config = "plugins: {typed: {binary: /x}}\nhooks: {on_validation_failed: typed}\n";
    let (home, config) = file("config.yaml", config);
    let mut check = command();
    check
        .env("HOME", home.path())
        .args(["check", "--json"])
        .arg(plugin("typed"));
    check.arg("--config-file").arg(config);
    let ran = Ran::from(check.output().expect("it runs"));
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    let report = ran.response();
    let checks = report["checks"].as_array().expect("a list");
    // The one that is there, and not the one that the file names.
    let install = format!("run `cvt plugins install {}`", plugin("typed").display());
    for (id, level, part) in [
        ("declared", "fail", "no call can work: "),
        ("hooks", "fail", "`plugin not running`"),
        ("install", "skipped", "no record of it"),
        ("install", "skipped", &*install),
    ] {
        let mut found = checks.iter().filter(|check| check["id"] == id);
        let found = found.next().expect(id);
        assert_eq!(found["level"], level, "{found}");
        assert!(found["found"].to_string().contains(part), "{found}");
    }
}

#[test]
fn signals_blocked_or_ignored_by_the_parent_make_no_difference() {
    let mut check = Command::new("env");
    check.args(["--block-signal=TERM", "--ignore-signal=CHLD"]);
    check.arg(command().get_program()).args(["check", "--json"]);
    let ran = Ran::from(check.arg(plugin("hello")).output().expect("it runs"));
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
}

/// The finding about secrets in the plugin typed.
fn secrets_of_typed(arguments: &[&str]) -> Value {
    let mut check = command();
    check.args(["check", "--json"]).arg(plugin("typed"));
    check.args(["--config", "greeting=hello", "--config", "audience=you"]);
    let ran = Ran::from(check.args(arguments).output().expect("it runs"));
    let report = ran.response();
    let mut checks = report["checks"].as_array().expect("a list").iter();
    checks
        .find(|it| it["id"] == "secrets")
        .expect("it is made")
        .clone()
}

#[test]
fn secrets_that_the_plugin_declares_are_named() {
    let finding = secrets_of_typed(&[]);
    assert_eq!(finding["level"], "skipped", "{finding}");
    let found = finding["found"].to_string();
    assert!(found.contains("--secret token --secret pin"), "{found}");
}

#[test]
fn secret_of_no_config_key_is_a_warning() {
    let finding = secrets_of_typed(&["--secret", "token", "--secret", "tokn"]);
    assert_eq!(finding["level"], "warn", "{finding}");
    assert!(finding["found"].to_string().contains("`tokn`"), "{finding}");
    assert_eq!(finding["advice"], "did you mean `token`?");
}
