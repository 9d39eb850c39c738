//! `cvt-plugin check` with a config file. What it finds in broken plugins is tested beside those.

use std::process::Command;

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
    for (id, level, part) in [
        ("declared", "fail", "no call can work: "),
        ("hooks", "fail", "`plugin not running`"),
        ("install", "skipped", "no record of it"),
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
