//! What an author reads for each mistake: one error, at the mistake, with its cure.
//!
//! The `.stderr` files hold rustc's output word for word, and so for one version of it.
//! `TRYBUILD=overwrite cargo test -p cvtplugin-macros-tests -- --ignored` regenerates them: read each
//! then as somebody who has never seen it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The version of rustc whose words the `.stderr` files hold.
const WRITTEN_BY: &str = "rustc 1.95.";

#[test]
#[ignore = "slow: .ci/run runs it"]
fn mistakes_are_told_in_the_authors_words() {
    let version = rustc_version();
    if !version.starts_with(WRITTEN_BY) {
        println!("not compared: the files are in the words of {WRITTEN_BY}x, not of {version}");
        return;
    }
    trybuild::TestCases::new().compile_fail("tests/ui/*/*.rs");
}

#[test]
fn mistake_is_one_error() {
    for case in cases() {
        let source = read(&case);
        let mistakes = source
            .strip_prefix("// ")
            .and_then(|rest| rest.split_once(' '));
        let mistakes = mistakes.map_or(1, |(count, _)| count.parse().expect("a number"));
        let output = read(&case.with_extension("stderr"));
        let lines = |start: &str| {
            output
                .lines()
                .filter(|line| line.starts_with(start))
                .count()
        };
        assert_eq!(lines("error"), mistakes, "{}", case.display());
        assert_eq!(lines("warning"), 0, "{}", case.display());
    }
}

#[test]
fn mistakes_are_told_without_the_paths_of_a_machine() {
    for case in cases() {
        let output = read(&case.with_extension("stderr"));
        let mut places = output
            .lines()
            .filter_map(|line| line.trim_start().strip_prefix("--> "));
        let stray = places.find(|it| !it.starts_with("tests/ui/") && !it.starts_with('$'));
        assert_eq!(stray, None, "{}", case.display());
    }
}

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui");
    let topics = fs::read_dir(root).expect("tests/ui is there");
    let files = topics.flat_map(|topic| {
        fs::read_dir(topic.expect("readable").path()).expect("tests/ui holds directories")
    });
    let files = files.map(|file| file.expect("readable").path());
    let cases: Vec<_> = files
        .filter(|file| file.extension().is_some_and(|it| it == "rs"))
        .collect();
    assert!(cases.len() > 30, "only {} cases", cases.len());
    cases
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn rustc_version() -> String {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .arg("--version")
        .output()
        .expect("rustc runs");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
