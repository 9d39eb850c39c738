//! The files of a new project.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use cvtplugin::BoxError;

use super::template::Values;

/// A file's path, and what it is made of.
type File = (&'static str, &'static str);

/// The template of this name.
macro_rules! template {
    ($name:literal) => {
        include_str!(concat!("../../templates/", $name))
    };
}

const MANIFEST: File = ("Cargo.toml", template!("Cargo.toml.in"));

/// Files of every project.
const COMMON: [File; 4] = [
    MANIFEST,
    ("README.md", template!("README.md")),
    ("config.yaml", template!("config.yaml")),
    (".gitignore", template!("gitignore")),
];

/// What tests and releases a project that is a repository of its own.
const WORKFLOWS: [File; 3] = [
    (".github/workflows/ci.yml", template!("github/ci.yml")),
    (
        ".github/workflows/release.yml",
        template!("github/release.yml"),
    ),
    (".github/dist.sh", template!("github/dist.sh")),
];

/// The source of a plugin whose service responds by itself.
const PLAIN: [File; 4] = [
    ("src/main.rs", template!("src/main.rs")),
    ("src/service.rs", template!("src/service.rs")),
    ("src/tests.rs", template!("src/tests.rs")),
    ("tests/end_to_end.rs", template!("tests/end_to_end.rs")),
];

/// What it responds with, if it is a registry.
const SCHEMA: File = ("src/example.json", template!("src/example.json"));

/// The source of a plugin whose service is an HTTP API.
const HTTP: [File; 4] = [
    ("src/main.rs", template!("src/http/main.rs")),
    ("src/service.rs", template!("src/http/service.rs")),
    ("src/tests.rs", template!("src/http/tests.rs")),
    ("tests/end_to_end.rs", template!("tests/http/end_to_end.rs")),
];

/// The files of a project of this kind; GitHub would not run the workflows of one that a workspace
/// surrounds.
pub(super) fn files(http: bool, registry: bool, surrounded: bool) -> impl Iterator<Item = File> {
    let source = if http { HTTP } else { PLAIN };
    let schema = (registry && !http).then_some(SCHEMA);
    let workflows = (!surrounded).then_some(WORKFLOWS).into_iter().flatten();
    COMMON
        .into_iter()
        .chain(source)
        .chain(schema)
        .chain(workflows)
}

/// Writes a project into a new directory.
///
/// # Errors
///
/// Returns an error if the directory exists already, or cannot be written.
pub(super) fn write(
    directory: &Path,
    values: &Values<'_>,
    mut files: impl Iterator<Item = File>,
) -> Result<(), BoxError> {
    make(directory)?;
    files.try_for_each(|file| write_file(directory, file, values))
}

/// Writes a project's manifest again.
///
/// # Errors
///
/// Returns an error if it cannot be written.
pub(super) fn write_manifest(directory: &Path, values: &Values<'_>) -> Result<(), BoxError> {
    write_file(directory, MANIFEST, values)
}

fn make(directory: &Path) -> Result<(), BoxError> {
    if let Some(parent) = directory.parent() {
        fs::create_dir_all(parent)
            .map_err(|error| format!("cannot make {}: {error}", parent.display()))?;
    }
    fs::create_dir(directory).map_err(|error| {
        let directory = directory.display();
        match error.kind() {
            ErrorKind::AlreadyExists => {
                format!("{directory} exists already: name another directory with --path").into()
            }
            _ => format!("cannot make {directory}: {error}").into(),
        }
    })
}

fn write_file(
    directory: &Path,
    (name, template): File,
    values: &Values<'_>,
) -> Result<(), BoxError> {
    let path = directory.join(name);
    let content = values.fill(template);
    let mode = if content.starts_with("#!") {
        0o755
    } else {
        0o644
    };
    let written = path
        .parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| {
            // With the umask, unlike a change of the permissions.
            let mut options = OpenOptions::new();
            let mut file = options
                .write(true)
                .create(true)
                .truncate(true)
                .mode(mode)
                .open(&path)?;
            file.write_all(content.as_bytes())
        });
    written.map_err(|error| format!("cannot write {}: {error}", path.display()).into())
}
