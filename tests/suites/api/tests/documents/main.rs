//! What the repository's documents say of each other and of the code.

mod guide;
mod limits;
mod links;
mod modules;

use std::fs;
use std::path::{Path, PathBuf};

/// The repository.
fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    root.canonicalize().expect("this crate is in it")
}

/// A file of the repository, as text.
fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The source of a module of cvtplugin, such as `server::shutdown`.
fn module(path: &str) -> String {
    let path = format!("cvtplugin/src/{}", path.replace("::", "/"));
    let files = [format!("{path}.rs"), format!("{path}/mod.rs")];
    let file = files.iter().find(|file| root().join(file).exists());
    read(file.unwrap_or_else(|| panic!("no module at {path}")))
}
