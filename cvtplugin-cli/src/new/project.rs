//! The files of a new project.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use cvtplugin::BoxError;

use super::template::Values;

/// Each file, and what it is made of.
const FILES: [(&str, &str); 10] = [
    ("Cargo.toml", include_str!("../../templates/Cargo.toml.in")),
    ("README.md", include_str!("../../templates/README.md")),
    ("config.yaml", include_str!("../../templates/config.yaml")),
    (".gitignore", include_str!("../../templates/gitignore")),
    (
        ".github/workflows/ci.yml",
        include_str!("../../templates/ci.yml"),
    ),
    ("src/main.rs", include_str!("../../templates/src/main.rs")),
    (
        "src/service.rs",
        include_str!("../../templates/src/service.rs"),
    ),
    ("src/tests.rs", include_str!("../../templates/src/tests.rs")),
    (
        "src/example.json",
        include_str!("../../templates/src/example.json"),
    ),
    (
        "tests/end_to_end.rs",
        include_str!("../../templates/tests/end_to_end.rs"),
    ),
];
/// A file that only a registry has.
const SCHEMA: &str = "src/example.json";

/// Writes a project into a new directory.
///
/// # Errors
///
/// When the directory is there already, or cannot be written.
pub(super) fn write(directory: &Path, values: &Values<'_>, registry: bool) -> Result<(), BoxError> {
    make(directory)?;
    let mut files = FILES.iter().filter(|(name, _)| registry || *name != SCHEMA);
    files.try_for_each(|file| write_file(directory, file, values))
}

/// Writes a project's manifest again.
///
/// # Errors
///
/// When it cannot be written.
pub(super) fn write_manifest(directory: &Path, values: &Values<'_>) -> Result<(), BoxError> {
    write_file(directory, &FILES[0], values)
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
                format!("{directory} is there already: name another directory with --path").into()
            }
            _ => format!("cannot make {directory}: {error}").into(),
        }
    })
}

fn write_file(
    directory: &Path,
    (name, template): &(&str, &str),
    values: &Values<'_>,
) -> Result<(), BoxError> {
    let path = directory.join(name);
    let content = values.fill(template);
    let parent = path.parent().map_or(Ok(()), fs::create_dir_all);
    let written = parent.and_then(|()| fs::write(&path, content));
    written.map_err(|error| format!("cannot write {}: {error}", path.display()).into())
}
