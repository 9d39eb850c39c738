//! The checked-in code is what the .proto files say.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const REMEDY: &str = concat!(
    "run `cargo run -p cvtplugin-codegen` and commit what it writes.\n\n",
    include_str!("../NEW_RPC.md"),
);

#[test]
fn checked_in_code_matches_the_proto_files() {
    let root = cvtplugin_codegen::root();
    let generated = cvtplugin_codegen::generate().expect("the .proto files compile");
    for (path, content) in &generated {
        let checked_in = fs::read(root.join(path)).unwrap_or_default();
        assert!(
            checked_in == *content,
            "{} has drifted: {REMEDY}",
            path.display()
        );
    }
    let expected: BTreeSet<PathBuf> = generated.into_keys().collect();
    assert_eq!(
        checked_in_files(&root),
        expected,
        "stray or missing files: {REMEDY}"
    );
}

/// Every generated file, relative to `root`; the hand-written `mod.rs` apart.
fn checked_in_files(root: &Path) -> BTreeSet<PathBuf> {
    let mut files = BTreeSet::new();
    let mut directories: Vec<_> = cvtplugin_codegen::DIRECTORIES
        .iter()
        .map(|directory| root.join(directory))
        .collect();
    while let Some(next) = directories.pop() {
        for entry in fs::read_dir(next).expect("the directory can be read") {
            let path = entry.expect("the directory can be read").path();
            if path.is_dir() {
                directories.push(path);
            } else if !path.ends_with("generated/mod.rs") {
                files.insert(path.strip_prefix(root).expect("below it").to_owned());
            }
        }
    }
    files
}
