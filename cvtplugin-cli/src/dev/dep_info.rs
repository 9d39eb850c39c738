//! The files that a binary is made of, as cargo lists them beside it.

use std::path::{Path, PathBuf};

/// Reads the list of a binary: files, and directories that a build script looks at.
pub(super) fn read(executable: &Path) -> Vec<PathBuf> {
    let text = std::fs::read_to_string(executable.with_extension("d")).unwrap_or_default();
    let listed = parse(&text).into_iter().map(PathBuf::from);
    listed
        .map(|path| path.canonicalize().unwrap_or(path))
        .collect()
}

/// A line `binary: file file`, whose spaces within names are escaped.
fn parse(text: &str) -> Vec<String> {
    const SPACE: &str = "\0";
    let line = text.lines().next().unwrap_or_default();
    let escaped = line.replace("\\ ", SPACE);
    let (_, files) = escaped.split_once(": ").unwrap_or_default();
    let files = files.split(' ').filter(|file| !file.is_empty());
    files.map(|file| file.replace(SPACE, " ")).collect()
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn dep_info_lists_files_with_spaces() {
        let text = "/t/debug/x: /a/src/main.rs /my\\ plugin/src/spec.json\n";
        assert_eq!(parse(text), ["/a/src/main.rs", "/my plugin/src/spec.json"]);
        assert!(parse("").is_empty());
        assert!(parse("/t/debug/x:\n").is_empty());
    }
}
