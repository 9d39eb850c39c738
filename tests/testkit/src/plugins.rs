//! Plugins of this workspace: cargo lets no test name the binaries of another package.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

use serde_json::Value;

/// The binary of the plugin `name`: beside `ours` if that is fresh, or else built.
pub fn built(name: &str, ours: &Path) -> PathBuf {
    let package = format!("cvt-plugin-{name}");
    binary(&package, &package, ours)
}

/// The command `cvt-plugin`: beside `ours` if that is fresh, or else built.
pub fn command(ours: &Path) -> PathBuf {
    binary("cvtplugin-cli", "cvt-plugin", ours)
}

/// A binary of a package. It is built unless it stands beside `ours`, another binary of this
/// workspace, and is newer than its sources.
fn binary(package: &str, name: &str, ours: &Path) -> PathBuf {
    let beside = ours.with_file_name(name);
    if is_fresh(&beside) == Some(true) {
        return beside;
    }
    let cargo = Command::new("cargo")
        .args(["build", "--message-format=json-render-diagnostics", "-p"])
        .arg(package)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stderr(Stdio::inherit())
        .output()
        .expect("cargo runs");
    assert!(cargo.status.success(), "{package} does not build");
    let messages = String::from_utf8(cargo.stdout).expect("text");
    let mut binaries = messages.lines().filter_map(|line| {
        let message: Value = serde_json::from_str(line).expect("JSON");
        message["executable"].as_str().map(PathBuf::from)
    });
    let binary = binaries.find(|path| path.file_name() == Some(name.as_ref()));
    binary.unwrap_or_else(|| panic!("{package} has no binary {name}"))
}

/// Whether a binary is newer than all sources that cargo lists beside it; `None` if there is none.
fn is_fresh(binary: &Path) -> Option<bool> {
    let built = modified(binary)?;
    let list = std::fs::read_to_string(binary.with_extension("d")).ok()?;
    let (_, sources) = list.split_once(": ")?;
    // Cargo escapes the spaces in paths.
    let sources = sources.trim_end().replace("\\ ", "\0");
    let newest = sources
        .split(' ')
        .map(|source| modified(source.replace('\0', " ").as_ref()));
    newest
        .collect::<Option<Vec<_>>>()?
        .into_iter()
        .max()
        .map(|newest| newest <= built)
}

fn modified(file: &Path) -> Option<SystemTime> {
    std::fs::metadata(file).ok()?.modified().ok()
}
