//! How much there is to write: the README's figures.

use std::path::Path;

/// How many files there are.
const FILES: usize = 3;

/// Lines with code in them, as tokei counts them, without unit tests.
fn lines(file: &str) -> usize {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let source = std::fs::read_to_string(path).expect("a source file");
    let code = source.split("#[cfg(test)]\nmod tests").next();
    let lines = code.unwrap_or_default().lines().map(str::trim_start);
    lines
        .filter(|line| !line.is_empty() && !line.starts_with("//"))
        .count()
}

#[test]
fn figures_of_the_readme_are_true() {
    let readme = include_str!("../../README.md");
    let rows = readme.lines().filter(|row| row.starts_with("| `src/"));
    let mut files = 0;
    for row in rows {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        let file = cells[1].trim_matches('`');
        assert_eq!(cells[3], lines(file).to_string(), "{file}");
        files += 1;
    }
    assert_eq!(files, FILES);
}

/// Three quarters of what its Go counterpart takes for it.
#[test]
fn go_plugin_is_short() {
    let lines = lines("src/main.rs");
    assert!(lines <= 120, "{lines} lines of code");
}
