use std::collections::BTreeMap;
use std::time::Duration;

use cvtplugin::ExposeSecret as _;

use super::{PluginEntry, read};

pub(super) fn variable(name: &str) -> Option<String> {
    let value = match name {
        "HOME" => "/home/me",
        "TOKEN" => "hunter2",
        "EMPTY" => "",
        _ => return None,
    };
    Some(value.to_owned())
}

fn plugins(text: &str) -> BTreeMap<String, PluginEntry> {
    let (document, problems) = read(text, None, &variable);
    assert!(problems.is_empty(), "{text}\n{problems:#?}");
    document.plugins
}

fn problems(text: &str) -> Vec<String> {
    let (_, problems) = read(text, None, &variable);
    problems.iter().map(ToString::to_string).collect()
}

/// A file with one plugin, `more` in it.
fn one(more: &str) -> String {
    format!("plugins:\n  rest:\n    binary: /bin/x\n    {more}\n")
}

#[test]
fn whole_file_is_read() {
    let plugins = plugins(
        "config_version: 1
plugins:
  rest:
    binary: ~/.cvt/plugins/cvt-plugin-rest
    timeout: 1m30s
    on_error: fail_closed        # or fail_open
    secrets: [token]
    config:
      base_url: https://registry.example.com/api/v1
      token: ${TOKEN}
      retries: 0x10
      verbose: yes
      nothing:
      region: ${REGION:-eu}
  slack: {binary: /opt/slack}
hooks:
  fetch_schema: rest
  on_validation_failed: slack
  on_breaking_change_detected: ''
",
    );
    let rest = &plugins["rest"];
    assert_eq!(
        rest.binary.to_str(),
        Some("/home/me/.cvt/plugins/cvt-plugin-rest")
    );
    assert_eq!(rest.timeout, Duration::from_secs(90));
    let config = rest.config.iter();
    let config: Vec<_> = config
        .map(|(key, value)| (key.as_str(), value.expose_secret()))
        .collect();
    let expected = [
        ("base_url", "https://registry.example.com/api/v1"),
        ("nothing", ""),
        ("region", "eu"),
        ("retries", "0x10"),
        ("token", "hunter2"),
        ("verbose", "yes"),
    ];
    assert_eq!(config, expected);
    assert_eq!(plugins["slack"].timeout, Duration::from_secs(5));
    assert!(plugins["slack"].config.is_empty());
}

#[test]
fn minimal_files_are_read() {
    for text in [
        "plugins:",
        "config_version: 0",
        "config_version: 0x1",
        "config_version: 1.9",
        "config_version: -.9",
        "config_version: !!int '1'",
        "config_version:",
        "hooks: {fetch_schema: ''}",
        "hooks:",
        "{}",
        "---\nplugins: {}\n---\nnonsense: [",
    ] {
        assert!(plugins(text).is_empty(), "{text}");
    }
    for more in [
        "timeout:",
        "timeout: 0s",
        "timeout: '0'",
        "secrets: [~]",
        "secrets:",
        "secrets: []",
        "config:",
        "on_error:",
    ] {
        assert_eq!(
            plugins(&one(more))["rest"].timeout,
            Duration::from_secs(5),
            "{more}"
        );
    }
}

#[test]
fn binary_is_expanded_and_cleaned() {
    for (binary, expected) in [
        ("'~'", "/home/me"),
        ("~/x", "/home/me/x"),
        ("~//x", "/home/me/x"),
        ("/x", "/x"),
        ("/x/./y/../z//", "/x/z"),
        ("~/../../../x", "/x"),
        ("'/with space'", "/with space"),
    ] {
        let text = format!("plugins: {{rest: {{binary: {binary}}}}}");
        assert_eq!(plugins(&text)["rest"].binary.to_str(), Some(expected));
    }
}

#[test]
fn variables_are_expanded_in_config_values_alone() {
    let plugin = &plugins(&one("config: {'${TOKEN}': a, b: 'x${TOKEN}${EMPTY:-y}'}"))["rest"];
    let keys: Vec<_> = plugin.config.keys().collect();
    assert_eq!(keys, ["${TOKEN}", "b"]);
    assert_eq!(plugin.config["b"].expose_secret(), "xhunter2y");
}

/// A file, and part of what is said about it.
const MISTAKES: &[(&str, &str)] = &[
    ("", "1:1: the file is empty"),
    ("# nothing\n", "1:1: the file is empty"),
    (
        "plugin: {}",
        "1:1: config.yaml has no key `plugin`; did you mean `plugins`?",
    ),
    ("[]", "1:1: config.yaml has to be a mapping"),
    ("plugins: []", "1:10: `plugins` has to be a mapping"),
    (
        "plugins: {rest: x}",
        "1:17: plugin `rest` has to be a mapping",
    ),
    ("plugins: {rest: }", "1:11: plugin `rest` needs a `binary`"),
    (
        "plugins: {My Rest: {binary: /x}}",
        "1:11: invalid plugin name \"My Rest\"",
    ),
    ("plugins: {rest: {binary: }}", "`binary` is empty"),
    (
        "plugins: {rest: {binary: x}}",
        "`binary` has to be an absolute path",
    ),
    (
        "plugins: {rest: {binary: ~me/x}}",
        "`binary` has to be an absolute path",
    ),
    (
        "plugins: {rest: {binary: $HOME/x}}",
        "`binary` has to be an absolute path",
    ),
    (
        "plugins: {rest: {binary: '${HOME}/x'}}",
        "`binary` has to be an absolute path",
    ),
    (
        "plugins: {rest: {binary: [x]}}",
        "`binary` has to be a single value",
    ),
    (
        "plugins:\n  a: {binary: /x}\n  a: {binary: /y}",
        "3:3: duplicate key `a`: it is at 2:3 too",
    ),
    (
        "config_version: 2",
        "1:17: invalid `config_version`: expected 1",
    ),
    (
        "config_version: '1'",
        "invalid `config_version`: expected 1",
    ),
    (
        "config_version: [1]",
        "invalid `config_version`: expected 1",
    ),
    (
        "config_version: 0x2",
        "invalid `config_version`: expected 1",
    ),
    (
        "config_version: 2.0",
        "invalid `config_version`: expected 1",
    ),
    (
        "hooks: {fetch_schemas: x}",
        "`hooks` has no key `fetch_schemas`; did you mean `fetch_schema`?",
    ),
    (
        "hooks: {fetch_schema: rest}",
        "the hook `fetch_schema` names no plugin of this file",
    ),
    (
        "hooks: {fetch_schema: {}}",
        "the hook `fetch_schema` has to be a single value",
    ),
];

#[test]
fn mistakes_have_a_message_and_a_place() {
    for (text, expected) in MISTAKES {
        let problems = problems(text);
        assert_eq!(problems.len(), 1, "{text}: {problems:#?}");
        assert!(problems[0].contains(expected), "{text}: {problems:#?}");
    }
}

#[test]
fn mistakes_in_a_plugin_have_a_message_and_a_place() {
    for (more, expected) in [
        (
            "timout: 5s",
            "4:5: plugin `rest` has no key `timout`; did you mean `timeout`?",
        ),
        (
            "timeout: 5",
            "4:14: invalid `timeout` \"5\": expected a number with a unit",
        ),
        ("timeout: 0", "invalid `timeout`"),
        ("timeout: ''", "invalid `timeout`"),
        ("timeout: 1d", "invalid `timeout`"),
        ("timeout: 5 s", "invalid `timeout`"),
        ("timeout: [5s]", "`timeout` has to be a single value"),
        (
            "on_error: fail-open",
            "invalid `on_error` \"fail-open\"; did you mean `fail_open`?",
        ),
        ("on_error: Fail_Open", "invalid `on_error` \"Fail_Open\""),
        ("secrets: token", "`secrets` has to be a list"),
        (
            "secrets: [token]",
            "`secrets` names `token`, no key of `config`",
        ),
        (
            "secrets: [[token]]",
            "each of `secrets` has to be a single value",
        ),
        ("config: [a]", "`config` has to be a mapping"),
        (
            "config: {a: [b]}",
            "the config key `a` has to be a single value",
        ),
        (
            "config: {a: {b: c}}",
            "the config key `a` has to be a single value",
        ),
        (
            "config: {a: '${'}",
            "4:17: the config key `a`: unterminated ${ in value",
        ),
        (
            "config: {a: '${X}'}",
            "the config key `a`: env var \"X\" unset and no default",
        ),
        (
            "config: {a: 1, a: 2}",
            "4:20: duplicate key `a`: it is at 4:14 too",
        ),
    ] {
        let problems = problems(&one(more));
        assert_eq!(problems.len(), 1, "{more}: {problems:#?}");
        assert!(problems[0].contains(expected), "{more}: {problems:#?}");
    }
}

#[test]
fn mistakes_are_all_named_in_order() {
    let text = "hooks: {fetch_schema: nobody}
plugins:
  rest:
    bin: /x
    config: {token: '${NONE}', url: '${NONE}'}
  Slack: {binary: /x, timeout: 5}
";
    let problems = problems(text);
    let places: Vec<_> = problems
        .iter()
        .map(|problem| problem.split(": ").next())
        .collect();
    let places: Vec<_> = places.into_iter().flatten().collect();
    assert_eq!(
        places,
        ["1:23", "3:3", "4:5", "5:21", "5:37", "6:3", "6:32"]
    );
}

#[test]
fn problems_do_not_show_config_values() {
    for more in [
        "config: {a: 'hunter2${'}",
        "config: {a: 'hunter2${NONE}'}",
        "config: {a: '${NONE-hunter2}'}",
        "config: {a: [hunter2]}",
        "config: {a: hunter2, a: hunter2}",
        "config: {a: hunter2}\n  x",
    ] {
        let problems = problems(&one(more));
        assert!(!problems.join("\n").contains("hunter2"), "{problems:#?}");
    }
}
