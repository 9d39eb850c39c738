//! How much code there is, against what a README says of it.

use std::path::Path;

/// How many lines of a file have code in them, as tokei counts them, without unit tests.
pub fn lines_of_code(file: &Path) -> usize {
    let source = std::fs::read_to_string(file).expect("a source file");
    let code = source.split("#[cfg(test)]\nmod tests").next();
    let lines = code.unwrap_or_default().lines().map(str::trim_start);
    lines
        .filter(|line| !line.is_empty() && !line.starts_with("//"))
        .count()
}

/// Checks the rows "| `src/..` | what it does | lines |" of a package's README, and returns how many
/// there are.
pub fn check_figures(package: &Path) -> usize {
    let readme = std::fs::read_to_string(package.join("README.md")).expect("a README");
    let rows = readme.lines().filter(|row| row.starts_with("| `src/"));
    let mut files = 0;
    for row in rows {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        let file = cells[1].trim_matches('`');
        let lines = lines_of_code(&package.join(file));
        assert_eq!(cells[3], lines.to_string(), "{file}");
        files += 1;
    }
    files
}
