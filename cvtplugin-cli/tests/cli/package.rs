//! A package's directory in the place of a binary.

use std::fs;
use std::path::Path;

use crate::support::{Ran, command, run, workspace};

/// A package with these files, that cargo builds in no time.
fn package(files: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    let manifest = "[package]\nname = \"toy\"\nedition = \"2024\"\n[workspace]\n";
    fs::write(directory.path().join("Cargo.toml"), manifest).expect("a file");
    for (path, content) in files {
        let path = directory.path().join(path);
        fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        fs::write(path, content).expect("a file");
    }
    directory
}

fn call(directory: &Path) -> Ran {
    let arguments = ["call".as_ref(), directory.as_os_str(), "Info".as_ref()];
    run(arguments)
}

#[test]
#[ignore = "slow: .ci/run runs it"]
fn package_is_built_and_its_binary_called() {
    let ran = call(&workspace().join("examples/hello")).succeeded();
    assert_eq!(ran.response()["name"], "hello");
}

#[test]
fn bench_builds_for_release() {
    let package = package(&[("src/main.rs", "fn main() {}\n")]);
    let directory = package.path().as_os_str();
    let arguments = ["bench".as_ref(), directory, "--vs".as_ref(), directory];
    // Whatever directory cargo has for those who run this.
    let mut command = command();
    let command = command.args(arguments).env_remove("CARGO_TARGET_DIR");
    Ran::from(command.output().expect("it runs")).failed(&["toy: "]);
    assert!(package.path().join("target/release/toy").exists());
    assert!(!package.path().join("target/debug").exists());
}

#[test]
fn several_binaries_need_a_choice() {
    let empty = "fn main() {}\n";
    let package = package(&[("src/bin/one.rs", empty), ("src/bin/two.rs", empty)]);
    call(package.path()).failed(&["has several binaries", "debug/one\n", "debug/two\n"]);
}

#[test]
fn library_without_binary_is_refused() {
    let package = package(&[("src/lib.rs", "")]);
    call(package.path()).failed(&["has no binary", "src/main.rs"]);
}

#[test]
fn compiler_errors_are_shown() {
    let package = package(&[("src/main.rs", "fn main() { surprise }\n")]);
    call(package.path()).failed(&["cannot find value `surprise`", "error: cargo cannot build"]);
}

#[test]
fn directory_without_package_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    call(directory.path()).failed(&["could not find `Cargo.toml`", "error: cargo cannot build"]);
}
