//! `cvt-plugin new`: what it makes builds, passes its tests, and is clean.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Ran, command, run, workspace};

/// Where all that is made here is built, so that its dependencies are built once.
const TARGET: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/new");

/// Makes a plugin in a directory.
pub(super) fn make(name: &str, directory: &Path, flags: &[&str]) {
    let library = workspace().join("cvtplugin");
    let mut arguments = vec![
        "new",
        name,
        "--cvtplugin-path",
        library.to_str().expect("text"),
    ];
    arguments.extend(["--path", directory.to_str().expect("text")]);
    arguments.extend(flags);
    let made = run(arguments).succeeded();
    assert!(made.stdout.contains("cargo test"), "{}", made.stdout);
    // The versions that this workspace was tested with, and that are there without a network.
    let lock = directory.join("Cargo.lock");
    fs::copy(workspace().join("Cargo.lock"), lock).expect("a lock file");
}

fn cargo(directory: &Path, arguments: &[&str]) -> String {
    let ran = run_in(directory, Command::new("cargo"), arguments);
    assert_eq!(
        ran.code,
        Some(0),
        "cargo {arguments:?}\n{}{}",
        ran.stdout,
        ran.stderr
    );
    ran.stdout
}

/// Runs a command in a project.
fn run_in(directory: &Path, mut command: Command, arguments: &[&str]) -> Ran {
    command.args(arguments).current_dir(directory);
    command
        .env("CARGO_TARGET_DIR", TARGET)
        .env("CARGO_NET_OFFLINE", "true");
    command.output().expect("it runs").into()
}

/// The workflow of such a project that no workspace surrounds, which alone has one.
fn workflow(directory: &Path) -> String {
    let manifest = fs::read_to_string(directory.join("Cargo.toml")).expect("a manifest");
    let http = manifest.contains("cvtplugin-http").then_some("--http");
    let (_parent, outside) = spacious();
    make("demo", &outside, http.as_slice());
    fs::read_to_string(outside.join(".github/workflows/ci.yml")).expect("a workflow")
}

/// Does all that a project's workflow does, and returns its binary.
fn is_sound(directory: &Path, name: &str, tests: usize) -> PathBuf {
    let workflow = workflow(directory);
    let steps = workflow
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- run: "));
    let mut tools = Vec::new();
    for step in steps.filter(|step| *step != "|") {
        let words: Vec<_> = step.split(' ').collect();
        let (tool, arguments) = (words[0], &words[1..]);
        tools.push(words[1]);
        if tool == "cargo" {
            let stdout = cargo(directory, arguments);
            if arguments[0] == "test" {
                has_passed(&stdout, tests);
            }
        } else {
            assert_eq!(tool, "cvt-plugin");
            let strict = (arguments[0] == "check").then_some("--strict");
            let arguments = [arguments, strict.as_slice()].concat();
            run_in(directory, command(), &arguments).succeeded();
        }
    }
    assert_eq!(tools, ["fmt", "clippy", "test", "check", "docs"]);
    let pedantic = [
        "clippy",
        "--all-targets",
        "--",
        "-D",
        "warnings",
        "-W",
        "clippy::pedantic",
    ];
    cargo(directory, &pedantic);
    Path::new(TARGET).join(format!("debug/cvt-plugin-{name}"))
}

/// So many unit tests have passed, and that of the binary.
fn has_passed(stdout: &str, tests: usize) {
    let passed = format!("test result: ok. {tests} passed; 0 failed; 0 ignored");
    assert!(stdout.contains(&passed), "{stdout}");
    let binary = "binary_serves_calls_and_ends_cleanly ... ok";
    assert!(stdout.contains(binary), "{stdout}");
}

/// Takes away what was built: the next run builds it in another directory.
fn clean(directory: &Path, name: &str) {
    let package = format!("cvt-plugin-{name}");
    cargo(directory, &["clean", "--package", &package]);
}

/// Calls the new plugin with the config file that came with it.
fn call(binary: &Path, directory: &Path, arguments: &[&str]) -> Ran {
    let config = directory.join("config.yaml");
    let (binary, config) = (
        binary.to_str().expect("text"),
        config.to_str().expect("text"),
    );
    run([&["call", binary, "--config-file", config], arguments].concat())
}

/// A directory whose path has a space in it.
fn spacious() -> (tempfile::TempDir, PathBuf) {
    let parent = tempfile::tempdir().expect("a directory");
    let directory = parent.path().join("my plugins");
    (parent, directory)
}

/// A workspace with the members `plugins/*`.
fn surrounding() -> (tempfile::TempDir, PathBuf) {
    let (parent, directory) = spacious();
    fs::create_dir(&directory).expect("a directory");
    let manifest = "[workspace]\nmembers = [\"plugins/*\"]\nresolver = \"3\"\n";
    fs::write(directory.join("Cargo.toml"), manifest).expect("a manifest");
    let lock = directory.join("Cargo.lock");
    fs::copy(workspace().join("Cargo.lock"), lock).expect("a lock file");
    (parent, directory)
}

#[test]
#[ignore = "slow: .ci/run runs it"]
fn project_with_both_services_is_sound() {
    let (_parent, directory) = spacious();
    make("demo", &directory, &["--registry", "--events"]);
    let binary = is_sound(&directory, "demo", 7);
    let info = call(&binary, &directory, &["Info"]).succeeded().response();
    assert_eq!(
        info["services"],
        serde_json::json!(["registry.v1", "events.v1"])
    );
    let schema = call(&binary, &directory, &["FetchSchema", "schema_id=example"]).succeeded();
    assert_eq!(schema.response()["spec"]["info"]["title"], "Example");
    clean(&directory, "demo");
}

#[test]
#[ignore = "slow: .ci/run runs it"]
fn project_with_a_registry_is_sound_as_a_member() {
    let (_parent, directory) = surrounding();
    // The longest name there can be.
    let name = "a-name-of-thirty-two-characters-";
    let directory = directory.join("plugins/registry");
    make(name, &directory, &["--registry"]);
    let binary = is_sound(&directory, name, 5);
    let info = call(&binary, &directory, &["Info"]).succeeded().response();
    assert_eq!(
        (&info["name"], &info["services"]),
        (&name.into(), &vec!["registry.v1"].into())
    );
    clean(&directory, name);
}

#[test]
#[ignore = "slow: .ci/run runs it"]
fn project_with_events_is_sound_within_a_workspace() {
    let (_parent, directory) = surrounding();
    let directory = directory.join("alerts");
    make("alerts", &directory, &["--events"]);
    let binary = is_sound(&directory, "alerts", 4);
    let event = [
        "OnValidationFailed",
        "schema_id=example",
        "method=GET",
        "path=/hello",
    ];
    let ran = call(&binary, &directory, &event).succeeded();
    ran.printed(&["posted", "text=\"GET /hello does not match example\""]);
    assert!(
        !directory.join("src/example.json").exists(),
        "it has no schema"
    );
    clean(&directory, "alerts");
}

#[test]
#[ignore = "takes minutes: .ci/long runs it"]
fn project_with_http_is_sound() {
    let (_parent, around) = surrounding();
    for (path, flags, tests) in [
        ("../both", &["--http"][..], 7),
        ("plugins/registry", &["--http", "--registry"], 4),
        ("events", &["--http", "--events"], 4),
    ] {
        let directory = around.join(path);
        make("api", &directory, flags);
        is_sound(&directory, "api", tests);
        clean(&directory, "api");
    }
}

#[test]
fn project_matched_by_workspace_globs_is_a_member() {
    let (_parent, around) = surrounding();
    for (path, is_member) in [
        ("plugins/one", true),
        ("plugins/two", true),
        ("three", false),
    ] {
        let path = around.join(path);
        run(["new", "demo", "--path", path.to_str().expect("text")]).succeeded();
        let manifest = fs::read_to_string(path.join("Cargo.toml")).expect("a manifest");
        assert_eq!(manifest.contains("[workspace]"), !is_member, "{manifest}");
        assert_eq!(manifest.contains("[profile"), !is_member, "{manifest}");
        let readme = fs::read_to_string(path.join("README.md")).expect("a README");
        assert!(!readme.contains(".github") && !readme.contains("git tag"));
        assert!(!path.join(".github").exists());
        // Its own name for each: the workspace has to stay whole.
        let other = path.file_name().expect("a name").to_string_lossy();
        let renamed = manifest.replace("cvt-plugin-demo", &other);
        fs::write(path.join("Cargo.toml"), renamed).expect("a manifest");
        cargo(&path, &["metadata", "--no-deps", "--format-version=1"]);
    }
}

#[test]
fn directory_existing_is_left_alone() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().to_str().expect("text");
    run(["new", "demo", "--path", path]).failed(&["exists already", "--path"]);
    assert_eq!(
        fs::read_dir(directory.path()).expect("a directory").count(),
        0
    );
}

#[test]
fn name_invalid_is_refused_with_a_suggestion() {
    let rule = "a lower-case letter, then";
    for (name, parts) in [
        ("My_Plugin", &[rule, "such as \"my-plugin\""][..]),
        ("42", &[rule]),
        (
            "cvt-plugin-demo",
            &["without the `cvt-plugin-`", "\"demo\""],
        ),
    ] {
        let ran = run(["new", name]).printed(parts);
        assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    }
}
