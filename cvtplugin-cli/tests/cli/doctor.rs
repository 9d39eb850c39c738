//! `cvt-plugin doctor`: the exit code, the table and the JSON. What it finds is held against the
//! real cvt elsewhere.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use crate::support::{Ran, command, plugin};

/// A home with a config file, and scripts that are installed as plugins, but for their hash.
struct Home(TempDir);

impl Home {
    fn with(config: &str) -> Self {
        let home = Self(tempfile::tempdir().expect("a directory"));
        fs::create_dir_all(home.path("plugins")).expect("a directory");
        fs::write(home.path("config.yaml"), config).expect("a file");
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(".cvt").join(name)
    }

    /// Installs a copy of a file.
    fn install(self, name: &str, from: &Path) -> Self {
        let to = self.path(&format!("plugins/cvt-plugin-{name}"));
        fs::copy(from, &to).expect("a copy");
        fs::set_permissions(&to, fs::Permissions::from_mode(0o755)).expect("permissions");
        let hash = Sha256::digest(fs::read(&to).expect("the copy"));
        let hash = hash.iter().map(|byte| format!("{byte:02x}"));
        let hash = hash.collect::<Vec<_>>().concat();
        let state = json!({"plugins": {name: {"binary_path": to, "sha256": hash}}});
        fs::write(self.path("plugins/state.json"), state.to_string()).expect("a file");
        self
    }

    fn doctor(&self, arguments: &[&str]) -> Ran {
        let mut command = command();
        command.arg("doctor").arg("--home").arg(self.0.path());
        command.env_remove("CVT_PLUGIN_LOG_FILE").args(arguments);
        command.output().expect("it runs").into()
    }

    fn findings(&self, arguments: &[&str]) -> Vec<Value> {
        let arguments = [arguments, &["--json"]].concat();
        let report = self.doctor(&arguments).response();
        report["findings"].as_array().expect("a list").clone()
    }
}

const ONE: &str = "plugins: {a: {binary: ~/.cvt/plugins/cvt-plugin-a}}\nhooks: {fetch_schema: a}\n";

#[test]
fn good_home_has_a_line_per_plugin_and_exit_code_0() {
    let home = Home::with(ONE).install("a", &plugin("hello"));
    let ran = home.doctor(&[]).succeeded();
    let line = "ok  a  hello 0.1.0 serves registry.v1 and events.v1 for fetch_schema; starts in ";
    assert!(ran.stdout.starts_with(line), "{}", ran.stdout);
    assert_eq!(ran.stdout.lines().count(), 1, "{}", ran.stdout);
}

#[test]
fn warnings_are_exit_code_1_and_errors_2() {
    let warning = ONE.replace("cvt-plugin-a", "cvt-plugin-a, config: {x: y}");
    let home = Home::with(&warning).install("a", &plugin("hello"));
    let ran = home.doctor(&[]);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("unknown config key `x`"),
        "{}",
        ran.stdout
    );
    let ran = Home::with(ONE).doctor(&[]);
    assert_eq!(ran.code, Some(2), "{}", ran.stdout);
    let fix = "-> run `cvt plugins install ";
    assert!(ran.stdout.contains(fix), "{}", ran.stdout);
}

#[test]
fn doctor_without_a_home_fails_with_exit_code_2() {
    let ran = command().arg("doctor").env_remove("HOME").output();
    let ran = Ran::from(ran.expect("it runs")).printed(&["HOME is not set"]);
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
}

#[test]
fn broken_file_does_not_hide_broken_plugins() {
    let home =
        Home::with("plugins: {a: {binary: ~/.cvt/plugins/x, timeout: 5}, B: {}}\nhook: {}\n");
    let findings = home.findings(&[]);
    let found = |part: &str| {
        let mut texts = findings.iter().filter_map(|it| it["found"].as_str());
        texts.any(|text| text.contains(part))
    };
    for part in [
        "config.yaml:1:50: invalid `timeout`",
        "needs a `binary`",
        "invalid plugin name \"B\"",
        "no key `hook`; did you mean `hooks`?",
        "plugins/x is missing",
        "no record of it",
    ] {
        assert!(found(part), "{part}: {findings:#?}");
    }
}

#[test]
fn no_start_only_reads() {
    let (_directory, script) = crate::support::script("exit 1");
    let home = Home::with(ONE).install("a", &script);
    assert!(
        home.findings(&["--no-start"])
            .iter()
            .all(|it| it["level"] != "error")
    );
    assert!(home.findings(&[]).iter().any(|it| it["level"] == "error"));
}

#[test]
fn secrets_and_escapes_of_a_plugin_are_not_shown() {
    let script = "printf 'no hunter2: \\033[2J\\a\\rforged' >&2\nexit 1";
    let (_directory, script) = crate::support::script(script);
    let config = ONE.replace(
        "cvt-plugin-a",
        "cvt-plugin-a, secrets: [t], config: {t: hunter2}",
    );
    let ran = Home::with(&config).install("a", &script).doctor(&[]);
    assert!(
        ran.stdout
            .contains(r"no [redacted]: \u{1b}[2J\u{7}\u{d}forged"),
        "{}",
        ran.stdout
    );
    assert!(!ran.stdout.contains(['\u{1b}', '\r']), "{}", ran.stdout);
}

#[test]
fn missing_config_file_is_a_warning_unless_it_is_named() {
    let home = Home::with("");
    fs::remove_file(home.path("config.yaml")).expect("it was there");
    assert_eq!(home.doctor(&[]).code, Some(1));
    assert_eq!(home.doctor(&["--config-file", "/nowhere"]).code, Some(2));
}
