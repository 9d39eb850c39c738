//! What CVT, which reads YAML 1.1, does not take or takes otherwise, and the library takes.

use super::problem::{Position, Problem};

/// The byte order mark.
const BOM: char = '\u{feff}';

/// Line breaks that are none in YAML 1.2.
const LINE_BREAKS: [char; 3] = ['\u{85}', '\u{2028}', '\u{2029}'];

/// Whether a file has but comments, and so no document.
pub(super) fn is_empty(text: &str) -> bool {
    let mut lines = text.trim_start_matches(BOM).lines();
    lines.all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'))
}

/// Checks a file before it is read.
///
/// # Errors
///
/// Returns the first directive that CVT does not know, or the first line break of YAML 1.1 alone.
pub(super) fn check(text: &str) -> Result<(), Problem> {
    check_directives(text)?;
    for (line, number) in text.lines().zip(1..) {
        if let Some(c) = line.chars().find(|c| LINE_BREAKS.contains(c)) {
            let message = format!(
                "CVT takes the character U+{0:04X} for a line break: write `\\u{0:04x}` in double \
                 quotes",
                u32::from(c)
            );
            return Err(Problem::new(Position::line(number), message));
        }
    }
    Ok(())
}

/// Why CVT does not take a scalar as it is written, between braces or brackets or not.
pub(super) fn refuses(written: &str, in_flow: bool) -> Option<&'static str> {
    let quote = written.chars().next().filter(|c| matches!(c, '"' | '\''));
    match quote {
        None if in_flow && written.contains('?') => {
            Some("CVT takes a `?` between braces or brackets only in quotes")
        }
        None if in_flow && written.starts_with(':') => {
            Some("CVT takes a word that begins with `:` between braces or brackets only in quotes")
        }
        Some('"') if has_escaped_slash(written) => {
            Some("CVT does not know the escape `\\/`: write `/`")
        }
        _ => None,
    }
}

fn has_escaped_slash(written: &str) -> bool {
    let mut chars = written.chars();
    while let Some(c) = chars.next() {
        if c == '\\' && chars.next() == Some('/') {
            return true;
        }
    }
    false
}

/// Whether a tab is part of the indentation of what follows this text.
pub(super) fn is_indented_by_tab(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or_default();
    line.contains('\t') && line.trim_start().is_empty()
}

/// Refuses the directives that CVT does not know; the library ignores them.
fn check_directives(text: &str) -> Result<(), Problem> {
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
