//! `cvt-plugin check` with a config file. What it finds in broken plugins is tested beside those.

use crate::support::{command, file, plugin};

#[test]
fn config_without_required_keys_and_hook_of_no_service_fail() {
    let config = "plugins: {typed: {binary: /x}}\nhooks: {on_validation_failed: typed}\n";
    let (_directory, config) = file("config.yaml", config);
    let mut check = command();
    check.args(["check", "--json"]).arg(plugin("typed"));
    check.arg("--config-file").arg(config);
    let ran = crate::support::Ran::from(check.output().expect("it runs"));
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
