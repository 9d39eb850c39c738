//! The command line.

use std::process::Command;

use serde_json::json;

use crate::registry::{Registry, SQLITE, document, outcome};

#[test]
fn importing_again_changes_nothing_unless_told_to() {
    let registry = Registry::new();
    let import = |summary: &str, arguments: &[&str]| {
        let text = document(&json!({ "summary": summary })).to_string();
        let file = registry.write("pets.json", &text).display().to_string();
        registry.run(&[&["import", &file], arguments].concat())
    };
    assert_eq!(import("one", &[]).stdout, "added pets 1.0.0\n");
    assert_eq!(import("one", &[]).stdout, "unchanged pets 1.0.0\n");
    let refused = import("two", &[]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.stderr.contains("or pass --replace"), "{refused:?}");
    assert_eq!(
        import("two", &["--replace"]).stdout,
        "replaced pets 1.0.0\n"
    );
    assert_eq!(
        import("two", &["--version", "1.1.0"]).stdout,
        "added pets 1.1.0\n"
    );
}

#[test]
fn files_that_are_no_documents_are_named_and_the_others_imported() {
    let registry = Registry::new();
    let bad = [
        ("json.json", "{\"openapi\": ", "neither JSON nor YAML"),
        ("yaml.yaml", "a: [1", "invalid YAML"),
        ("other.yaml", "services: {}", "not an OpenAPI document"),
        ("list.json", "[]", "not an OpenAPI document"),
        (
            "old.json",
            "{\"swagger\": \"1.2\"}",
            "not an OpenAPI document",
        ),
        ("empty.json", "", "not an OpenAPI document"),
        (
            "paths.json",
            "{\"openapi\": \"3.0.0\", \"paths\": []}",
            "invalid `paths`",
        ),
        (
            "bare.json",
            "{\"openapi\": \"3.0.0\", \"paths\": {}}",
            "expected --version",
        ),
    ];
    let mut files: Vec<_> = bad
        .iter()
        .map(|(name, text, _)| registry.write(name, text))
        .collect();
    files.push(registry.path("missing.json"));
    files.push(registry.write("good.json", &document(&json!({})).to_string()));
    let files: Vec<_> = files.iter().map(|it| it.display().to_string()).collect();
    let files: Vec<_> = files.iter().map(String::as_str).collect();
    let outcome = registry.run(&[&["import"], &files[..]].concat());
    assert_eq!(
        (outcome.code, &*outcome.stdout),
        (1, "added good 1.0.0\n"),
        "{outcome:?}"
    );
    let lines: Vec<_> = outcome.stderr.lines().collect();
    for (name, _, why) in bad.iter().chain(&[("missing.json", "", "cannot be read")]) {
        let says = |line: &&&str| line.contains(name) && line.contains(why);
        assert!(
            lines.iter().any(|line| says(&line)),
            "{name}: {why}\n{}",
            outcome.stderr
        );
    }
}

#[test]
fn schemas_are_listed_the_latest_first() {
    let registry = Registry::new();
    for (schema, version) in [("pets", "1.9.0"), ("pets", "1.10.0"), ("dogs", "1.0.0")] {
        registry.import(schema, version, &document(&json!({})));
    }
    let listed = registry.run(&["schemas"]).stdout;
    let rows: Vec<_> = listed
        .lines()
        .map(|it| it.split_whitespace().collect::<Vec<_>>())
        .collect();
    assert_eq!(rows[0], ["SCHEMA", "VERSION", "BYTES", "IMPORTED"]);
    let ids: Vec<_> = rows[1..].iter().map(|row| [row[0], row[1]]).collect();
    assert_eq!(
        ids,
        [["dogs", "1.0.0"], ["pets", "1.10.0"], ["pets", "1.9.0"]]
    );
}

#[test]
fn missing_registry_is_no_empty_one() {
    let registry = Registry::new();
    for (arguments, code) in [
        (&["schemas"][..], 1),
        (&["consumers", "pets"], 1),
        (&["readers", "pets", "GET /pets"], 1),
        (&["events"], 1),
        (&["impact", "pets", "--from", "1", "--to", "2"], 2),
    ] {
        let outcome = registry.run(arguments);
        assert_eq!(outcome.code, code, "{outcome:?}");
        assert!(outcome.stderr.contains("import a schema"), "{outcome:?}");
    }
    assert!(!registry.database().exists());
}

#[test]
fn home_is_where_the_registry_is_by_default() {
    let registry = Registry::new();
    let file = registry.write("pets.json", &document(&json!({})).to_string());
    let mut import = Command::new(SQLITE);
    let imported = outcome(
        import
            .arg("import")
            .arg(file)
            .env("HOME", registry.path("home")),
    );
    assert_eq!(imported.code, 0, "{imported:?}");
    assert!(registry.path("home/.cvt/registry.db").exists());
}

#[test]
fn stanza_is_that_of_the_readme() {
    let readme = include_str!("../../README.md");
    let (_, stanza) = readme.split_once("```yaml\n").expect("a stanza");
    let (stanza, _) = stanza.split_once("```").expect("its end");
    assert_eq!(outcome(Command::new(SQLITE).arg("--config")).stdout, stanza);
}

#[test]
fn options_of_every_plugin_are_still_there() {
    let ask = |argument: &str| outcome(Command::new(SQLITE).arg(argument));
    assert!(
        ask("--config")
            .stdout
            .contains("# database: ~/.cvt/registry.db")
    );
    assert!(ask("--info").stdout.contains("\"sqlite\""));
    assert!(ask("--help").stdout.contains("impact"));
    assert!(ask("--version").stdout.starts_with("sqlite "));
    let started = outcome(&mut Command::new(SQLITE));
    assert_eq!(started.code, 1);
    assert!(
        started.stderr.contains("cvt plugins install"),
        "{started:?}"
    );
}
