//! Which files there are.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version=1"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("Cargo runs");
    serde_json::from_slice(&output.stdout).expect("metadata")
}

fn members(metadata: &Value) -> impl Iterator<Item = &Value> {
    metadata["packages"].as_array().into_iter().flatten()
}

fn path(value: &Value) -> PathBuf {
    value.as_str().expect("a path").into()
}

/// The root file of every library, program, test and example of the workspace.
pub(crate) fn crate_roots() -> Vec<PathBuf> {
    let metadata = metadata();
    let targets = members(&metadata).filter_map(|package| package["targets"].as_array());
    targets
        .flatten()
        .map(|target| path(&target["src_path"]))
        .collect()
}

/// Every Rust file of the workspace that people write.
pub(crate) fn handwritten_sources() -> Vec<PathBuf> {
    let mut sources = Vec::new();
    for package in members(&metadata()) {
        let manifest = path(&package["manifest_path"]);
        let package = manifest.parent().expect("a package's directory");
        for directory in ["src", "tests", "benches", "examples"] {
            collect(&package.join(directory), &mut sources);
        }
    }
    sources
}

fn collect(directory: &Path, sources: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(directory) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.is_dir() && !path.ends_with("generated") {
            collect(&path, sources);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            sources.push(path);
        }
    }
}
