//! What comes before a YAML document: comments and directives.

use super::problem::{Position, Problem};

/// The byte order mark.
const BOM: char = '\u{feff}';

/// Whether a file has nothing else, and so no document.
pub(super) fn is_all_of(text: &str) -> bool {
    let mut lines = text.trim_start_matches(BOM).lines();
    lines.all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'))
}

/// Refuses the directives that CVT does not know; the library ignores them.
pub(super) fn check(text: &str) -> Result<(), Problem> {
    let text = text.trim_start_matches(BOM);
    let before = |line: &&str| line.is_empty() || line.starts_with(['%', '#']);
    for (line, number) in text.lines().take_while(before).zip(1..) {
        let mut words = line.split_whitespace();
        let directive = words.next().unwrap_or_default();
        let known = match directive {
            "%YAML" => words.next() == Some("1.1"),
            _ => directive == "%TAG" || !directive.starts_with('%'),
        };
        if !known {
            let message = format!("CVT does not know the directive `{line}`: leave it out");
            return Err(Problem::new(Position::line(number), message));
        }
    }
    Ok(())
}
