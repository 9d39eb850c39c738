//! The binary run from a shell.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use crate::plugin::REST;

fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(REST);
    command.args(arguments).env_clear();
    command.output().expect("rest starts")
}

/// What a successful run prints.
fn printed(argument: &str) -> String {
    let output = run(&[argument]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(output.stderr, b"");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn config_prints_the_stanza_of_the_readme() {
    let readme = include_str!("../../README.md");
    let (_, stanza) = readme.split_once("```yaml\n").expect("a stanza");
    let (stanza, _) = stanza.split_once("```").expect("its end");
    assert_eq!(printed("--config"), stanza);
}

#[test]
fn config_prints_what_cvt_reads() {
    let stanza: Value = serde_saphyr::from_str(&printed("--config")).expect("YAML");
    assert_eq!(
        stanza,
        json!({
            "config_version": 1,
            "plugins": { "rest": {
                "binary": "~/.cvt/plugins/cvt-plugin-rest",
                "timeout": "5s",
                "on_error": "fail_closed",
                "secrets": ["token"],
                "config": {
                    "base_url": "https://registry.example.com/api/v1",
                    "token": "${REST_TOKEN:-}",
                },
            } },
            "hooks": { "fetch_schema": "rest", "register_consumer_usage": "rest" },
        })
    );
}

#[test]
fn info_describes_the_plugin() {
    let info: Value = serde_json::from_str(&printed("--info")).expect("JSON");
    assert_eq!(info["name"], "rest");
    assert_eq!(info["version"], "0.1.0");
    assert_eq!(info["protocol_version"], 1);
    assert_eq!(info["services"], json!(["registry.v1"]));
    assert_eq!(
        info["rpcs"],
        json!(["FetchSchema", "RegisterConsumerUsage"])
    );
    let keys = ["name", "required", "secret"].map(|field| {
        let keys = info["config"].as_array().expect("keys").iter();
        keys.map(|key| key[field].clone()).collect::<Vec<_>>()
    });
    assert_eq!(
        json!(keys),
        json!([["base_url", "token"], [true, false], [false, true]])
    );
}

#[test]
fn version_is_printed() {
    assert_eq!(printed("--version"), "rest 0.1.0\n");
}

#[test]
fn help_names_every_option() {
    let help = printed("--help");
    assert!(help.contains("cvt plugins install "), "{help}");
    for option in ["--config", "--info", "--help", "--version"] {
        assert!(help.contains(option), "{option}: {help}");
    }
}

#[test]
fn unknown_arguments_are_refused() {
    for arguments in [&["--serve"][..], &["serve"], &["--info", "--config"]] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_eq!(output.stdout, b"");
        assert!(!output.stderr.is_empty());
    }
}

#[test]
fn arguments_are_ignored_under_cvt() {
    for argument in ["--version", "--no-such-option"] {
        let mut plugin = Command::new(REST)
            .arg(argument)
            .env("CVT_PLUGIN_MAGIC_COOKIE", "cvt-plugin-v1")
            .env("PLUGIN_PROTOCOL_VERSIONS", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("rest starts");
        let mut line = String::new();
        let stdout = plugin.stdout.take().expect("a pipe");
        let mut stdout = BufReader::new(stdout);
        stdout.read_line(&mut line).expect("a line");
        plugin.kill().expect("it runs");
        plugin.wait().expect("it ends");
        assert!(line.starts_with("1|1|unix|"), "{line}");
    }
}
