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
    let folder = cvtplugin_codegen::generated_dir();
    let generated = cvtplugin_codegen::generate().expect("the .proto files compile");
    for (path, content) in &generated {
        let checked_in = fs::read(folder.join(path)).unwrap_or_default();
        assert!(
            checked_in == *content,
            "{} has drifted: {REMEDY}",
            path.display()
        );
    }
    let expected: BTreeSet<PathBuf> = generated.into_keys().collect();
    assert_eq!(
        files_below(&folder),
        expected,
        "stray or missing files: {REMEDY}"
    );
}

/// Every generated file below `folder`; its hand-written `mod.rs` apart.
fn files_below(folder: &Path) -> BTreeSet<PathBuf> {
    let mut files = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("generated/mod.rs") {
                files.insert(path.strip_prefix(folder).expect("below it").to_owned());
            }
        }
    }
    files
}
