//! What binaries print to whoever runs them from a shell. The stanzas are in files of their own,
//! which `tests/interop` reads by CVT's rules; `UPDATE_EXPECT=1` regenerates them.

use std::os::unix::process::CommandExt as _;
use std::process::{Command, Output};

use expect_test::{ExpectFile, expect_file};
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_cvt-plugin-stanza");

/// The plugins, each with its version, services and RPCs.
fn plugins() -> [(&'static str, &'static str, Value, Value); 4] {
    let registry = "FetchSchema";
    let consumers = "RegisterConsumerUsage";
    let changes = "OnBreakingChangeDetected";
    let failures = "OnValidationFailed";
    [
        ("hello", "0.1.0", json!(["events.v1"]), json!([failures])),
        (
            "vault",
            "2.0.0-rc.1",
            json!(["registry.v1", "events.v1"]),
            json!([registry, changes]),
        ),
        (
            "l",
            "0.1.0",
            json!(["registry.v1"]),
            json!([registry, consumers]),
        ),
        (
            "null",
            "0.1.0",
            json!(["events.v1"]),
            json!([changes, failures]),
        ),
    ]
}

/// The plugin's binary, called by this name.
fn called(plugin: &str, name: &str) -> Command {
    let mut command = Command::new(BINARY);
    command.env_clear().env("PLUGIN", plugin).arg0(name);
    command
}

/// What the plugin says when it is called as usual.
fn run(plugin: &str, arguments: &[&str]) -> Output {
    let mut command = called(plugin, &format!("bin/cvt-plugin-{plugin}"));
    command.args(arguments).output().expect("it starts")
}

/// What a successful run prints.
fn printed(output: Output) -> String {
    assert!(output.status.success(), "{output:?}");
    assert_eq!(output.stderr, b"");
    String::from_utf8(output.stdout).expect("text")
}

fn check_stanza(plugin: &str, expected: &ExpectFile) {
    expected.assert_eq(&printed(run(plugin, &["--config"])));
}

#[test]
fn secrets_are_variables_of_their_own() {
    check_stanza("vault", &expect_file!["../../stanzas/vault.yaml"]);
}

#[test]
fn values_are_quoted_where_yaml_would_misread_them() {
    check_stanza("l", &expect_file!["../../stanzas/letters.yaml"]);
}

#[test]
fn keys_and_names_are_quoted_too() {
    check_stanza("null", &expect_file!["../../stanzas/null.yaml"]);
}

#[test]
fn stanza_of_an_event_without_config_is_short() {
    check_stanza("hello", &expect_file!["../../stanzas/hello.yaml"]);
}

#[test]
fn info_describes_the_plugin() {
    for (plugin, version, services, rpcs) in plugins() {
        let info = printed(run(plugin, &["--info"]));
        let info: Value = serde_json::from_str(&info).expect("JSON");
        assert_eq!(info["name"], plugin);
        assert_eq!(info["version"], version);
        assert_eq!(info["protocol_version"], 1);
        assert_eq!(info["services"], services);
        assert_eq!(info["rpcs"], rpcs);
        let says_version = format!("{plugin} {version}\n");
        assert_eq!(printed(run(plugin, &["--version"])), says_version);
        assert_eq!(printed(run(plugin, &["-V"])), says_version);
    }
}

#[test]
fn info_describes_every_key() {
    let info: Value = serde_json::from_str(&printed(run("l", &["--info"]))).expect("JSON");
    let key = |name: &str| {
        let keys = info["config"].as_array().expect("keys");
        let key = keys.iter().find(|key| key["name"] == name);
        key.expect("it is there").clone()
    };
    assert_eq!(
        key("number"),
        json!({
            "name": "number", "description": "How many there are.", "type": "u8",
            "required": true, "secret": false, "default": null, "example": "10",
        })
    );
    assert_eq!(
        key("timeout"),
        json!({
            "name": "timeout", "description": "How long they take.", "type": "Duration",
            "required": false, "secret": false, "default": "1m 30s", "example": null,
        })
    );
    let info: Value = serde_json::from_str(&printed(run("vault", &["--info"]))).expect("JSON");
    let secrets = info["config"].as_array().expect("keys").iter();
    assert!(secrets.clone().all(|key| key["secret"] == true), "{info}");
    let required: Vec<_> = secrets.map(|key| &key["required"]).collect();
    assert_eq!(json!(required), json!([true, true, false, false]));
}

#[test]
fn help_is_printed() {
    for (plugin, version, ..) in plugins() {
        for option in ["--help", "-h"] {
            let help = printed(run(plugin, &[option]));
            assert!(
                help.starts_with(&format!("{plugin} {version} is ")),
                "{help}"
            );
            for option in ["--config", "--info", "-h, --help", "-V, --version"] {
                assert!(help.contains(option), "{option}: {help}");
            }
        }
    }
}

#[test]
fn arguments_missing_explain_the_installation() {
    for (plugin, ..) in plugins() {
        let output = run(plugin, &[]);
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(output.stdout, b"");
        let stderr = String::from_utf8(output.stderr).expect("text");
        for line in [
            format!("\n    cvt plugins install bin/cvt-plugin-{plugin}\n"),
            format!("\n    bin/cvt-plugin-{plugin} --config\n"),
        ] {
            assert!(stderr.contains(&line), "{stderr}");
        }
    }
}

#[test]
fn argument_unknown_is_a_usage_error() {
    for (plugin, ..) in plugins() {
        for (arguments, error) in [
            (
                &["--inof"][..],
                "unexpected argument \"--inof\": expected one option",
            ),
            (&["-x"], "unexpected argument \"-x\": expected one option"),
            (
                &["serve"],
                "unexpected argument \"serve\": expected one option",
            ),
            (
                &["--info", "--config"],
                "unexpected argument \"--config\": expected one option",
            ),
        ] {
            let output = run(plugin, arguments);
            assert_eq!(output.status.code(), Some(2), "{arguments:?}");
            assert_eq!(output.stdout, b"");
            let stderr = String::from_utf8(output.stderr).expect("text");
            assert_eq!(stderr, format!("{plugin}: {error}; see --help\n"));
        }
    }
}

#[test]
fn binary_of_another_name_goes_by_its_file_name() {
    for (binary, install, name, file, variable) in [
        (
            "./target/cvt-plugin-ops",
            "install",
            "ops",
            "cvt-plugin-ops",
            "OPS_",
        ),
        ("/tmp/vault-2", "install", "vault-2", "vault-2", "VAULT_2_"),
        // CVT would not accept the file's.
        (
            "./My_Vault",
            "install --name vault",
            "vault",
            "My_Vault",
            "VAULT_",
        ),
    ] {
        let ask = |argument| {
            let mut command = called("vault", binary);
            printed(command.arg(argument).output().expect("it starts"))
        };
        let help = ask("--help");
        let install = format!("\n    cvt plugins {install} {binary}\n");
        assert!(help.contains(&install), "{help}");
        let stanza = ask("--config");
        for part in [
            format!("\n  {name}:\n"),
            format!("/plugins/{file}"),
            format!("\n  fetch_schema: {name}\n"),
            format!("${{{variable}"),
        ] {
            assert!(stanza.contains(&part), "{part}: {stanza}");
        }
    }
}

#[test]
fn binary_without_a_name_goes_by_the_usual_one() {
    for name in ["", "/", ".."] {
        let ask = |argument| {
            let mut command = called("vault", name);
            printed(command.arg(argument).output().expect("it starts"))
        };
        let stanza = ask("--config");
        let binary = "\n    binary: ~/.cvt/plugins/cvt-plugin-vault\n";
        assert!(stanza.contains(binary), "{stanza}");
        let help = ask("--help");
        let install = "\n    cvt plugins install cvt-plugin-vault\n";
        assert!(help.contains(install), "{help}");
    }
}

#[test]
fn exit_code_is_the_same_with_closed_streams() {
    for (arguments, code) in [(&[][..], 1), (&["--inof"], 2), (&["--help"], 1)] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let mut command = called("hello", "cvt-plugin-hello");
        command.args(arguments);
        command
            .stdout(writer.try_clone().expect("a pipe"))
            .stderr(writer);
        let status = command.status().expect("it starts");
        assert_eq!(status.code(), Some(code), "{arguments:?}");
    }
}
