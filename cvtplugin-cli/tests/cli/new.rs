//! `cvt-plugin new`: what it makes builds, passes its tests, and is clean.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Ran, run, workspace};

/// Where all that is made here is built, so that its dependencies are built once.
const TARGET: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/new");

/// Makes a plugin in a directory.
fn make(name: &str, directory: &Path, flags: &[&str]) {
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
    let mut cargo = Command::new("cargo");
    cargo.args(arguments).current_dir(directory);
    cargo
        .env("CARGO_TARGET_DIR", TARGET)
        .env("CARGO_NET_OFFLINE", "true");
    let ran = Ran::from(cargo.output().expect("cargo runs"));
    assert_eq!(
        ran.code,
        Some(0),
        "cargo {arguments:?}\n{}{}",
        ran.stdout,
        ran.stderr
    );
    ran.stdout
}

/// Checks all that a new project promises, and returns its binary.
fn is_sound(directory: &Path, name: &str, tests: usize) -> PathBuf {
    cargo(directory, &["fmt", "--check"]);
    let strict = [
        "clippy",
        "--all-targets",
        "--",
        "-D",
        "warnings",
        "-W",
        "clippy::pedantic",
    ];
    cargo(directory, &strict);
    let tested = cargo(directory, &["test"]);
    let passed = format!("test result: ok. {tests} passed; 0 failed; 0 ignored");
    assert!(tested.contains(&passed), "{tested}");
    assert!(
        tested.contains("binary_serves_calls_and_ends_cleanly ... ok"),
        "{tested}"
    );
    let binary = Path::new(TARGET).join(format!("debug/cvt-plugin-{name}"));
    passes_check(&binary, directory);
    binary
}

/// Checks that there are no failures and no warnings, with the config file that came with it.
fn passes_check(binary: &Path, directory: &Path) {
    let (binary, config) = (binary.to_str(), directory.join("config.yaml"));
    let arguments = ["check", "--strict", binary.expect("text"), "--config-file"];
    run(arguments.into_iter().chain(config.to_str())).succeeded();
}

/// Takes away what was built: the next run builds it in another directory.
fn clean(directory: &Path, name: &str) {
    cargo(
        directory,
        &["clean", "--package", &format!("cvt-plugin-{name}")],
    );
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

#[test]
#[ignore = "slow: .ci/run runs it"]
fn project_with_both_services_is_sound() {
    let directory = tempfile::tempdir().expect("a directory");
    let directory = directory.path().join("demo");
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
fn project_with_a_registry_is_sound() {
    let directory = tempfile::tempdir().expect("a directory");
    // The longest name there can be.
    let name = "a-name-of-thirty-two-characters-";
    let directory = directory.path().join("plugins/registry");
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
    let around = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
    let directory = around.path().join("alerts");
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
fn project_matched_by_workspace_globs_is_a_member() {
    let around = tempfile::tempdir().expect("a directory");
    let manifest = "[workspace]\nmembers = [\"plugins/*\"]\nresolver = \"3\"\n";
    fs::write(around.path().join("Cargo.toml"), manifest).expect("a manifest");
    for (path, is_member) in [
        ("plugins/one", true),
        ("plugins/two", true),
        ("three", false),
    ] {
        let path = around.path().join(path);
        run(["new", "demo", "--path", path.to_str().expect("text")]).succeeded();
        let manifest = fs::read_to_string(path.join("Cargo.toml")).expect("a manifest");
        assert_eq!(manifest.contains("[workspace]"), !is_member, "{manifest}");
        assert_eq!(manifest.contains("[profile"), !is_member, "{manifest}");
        // Its own name for each: the workspace has to stay whole.
        let other = path.file_name().expect("a name").to_string_lossy();
        let renamed = manifest.replace("cvt-plugin-demo", &other);
        fs::write(path.join("Cargo.toml"), renamed).expect("a manifest");
        cargo(&path, &["metadata", "--no-deps", "--format-version=1"]);
    }
}

#[test]
fn templates_are_filled_in_completely() {
    let directory = tempfile::tempdir().expect("a directory");
    for flags in [&[][..], &["--registry"], &["--events"]] {
        let directory = directory
            .path()
            .join(format!("demo{}", flags.len() + flags.concat().len()));
        make("demo", &directory, flags);
        for file in [
            "Cargo.toml",
            "README.md",
            "config.yaml",
            "src/main.rs",
            "src/service.rs",
            "src/tests.rs",
            "tests/end_to_end.rs",
            ".github/workflows/ci.yml",
        ] {
            let content = fs::read_to_string(directory.join(file)).expect(file);
            assert!(
                !content.contains("{{") && !content.contains("}}"),
                "{file}: {content}"
            );
            assert!(!content.contains("\n\n\n"), "{file}: {content}");
        }
    }
}

#[test]
fn manifest_depends_on_the_published_version() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("demo");
    run(["new", "demo", "--path", path.to_str().expect("text")]).succeeded();
    let manifest = fs::read_to_string(path.join("Cargo.toml")).expect("a manifest");
    let version = env!("CARGO_PKG_VERSION");
    assert!(
        manifest.contains(&format!("cvtplugin = {{ version = \"{version}\" }}")),
        "{manifest}"
    );
    assert!(!manifest.contains("[workspace]"), "{manifest}");
}

#[test]
fn directory_existing_is_left_alone() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().to_str().expect("text");
    run(["new", "demo", "--path", path]).failed(&["is there already", "--path"]);
    assert_eq!(
        fs::read_dir(directory.path()).expect("a directory").count(),
        0
    );
}

#[test]
fn name_invalid_is_refused_with_a_suggestion() {
    for (name, parts) in [
        (
            "My_Plugin",
            &["a lower-case letter, then", "such as \"my-plugin\""][..],
        ),
        ("42", &["a lower-case letter, then"]),
        ("cvt-plugin-demo", &["as in `demo`"]),
    ] {
        let ran = run(["new", name]).printed(parts);
        assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    }
}
