//! What CVT's YAML reader takes offence at, though it may be YAML.

use super::problems::{Position, Problem};

/// Looks at a file before it is parsed.
///
/// # Errors
///
/// For the first control character or directive that CVT does not take.
pub(super) fn check(text: &str) -> Result<(), Problem> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let control = text.char_indices().find(|(_, c)| !is_allowed(*c));
    if let Some((at, c)) = control {
        let message = format!(
            "a control character, which CVT does not take: write it as `\\u{:04x}`, in double \
             quotes",
            u32::from(c)
        );
        return Err(Problem::new(Position::after(&text[..at]), message));
    }
    match directives(text).find(|(_, line)| !is_known(line)) {
        Some((at, line)) => {
            let message = format!("CVT does not take the directive `{line}`: leave it out");
            Err(Problem::new(Position::after(&text[..at]), message))
        }
        None => Ok(()),
    }
}

fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..)
}

/// The lines before the document that begin with `%`, and where they do.
fn directives(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    let lines = text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line.trim_end())
    });
    let comes_before = |line: &str| line.is_empty() || line.starts_with(['%', '#']);
    lines
        .take_while(move |(_, line)| comes_before(line))
        .filter(|(_, line)| line.starts_with('%'))
}

fn is_known(directive: &str) -> bool {
    let mut words = directive.split_whitespace();
    match words.next() {
        Some("%YAML") => words.next() == Some("1.1"),
        other => other == Some("%TAG"),
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn what_cvt_takes_is_fine() {
        for text in [
            "",
            "plugins:\r\n\ta: é \u{85} \u{feff} \u{1f47b}",
            "\u{feff}%YAML 1.1 # the old one\n%TAG !e! tag:example.com,2000:\n---\n",
            "a: 1\n%YAML 1.2\n",
            "---\n%FOO",
        ] {
            assert_eq!(check(text), Ok(()), "{text:?}");
        }
    }

    #[test]
    fn the_first_offence_is_named_where_it_is() {
        for (text, expected) in [
            (
                "a: é\n  b\u{7}",
                "2:4: a control character, which CVT does not take: write it as `\\u0007`, in \
                 double quotes",
            ),
            ("\u{7f}", "1:1: a control character"),
            ("\u{0}", "`\\u0000`"),
            ("\u{9f}", "`\\u009f`"),
            ("\u{fffe}", "`\\ufffe`"),
            (
                "# YAML\n\n%YAML 1.2\n---\n",
                "3:1: CVT does not take the directive `%YAML 1.2`: leave it out",
            ),
            ("\u{feff}%YAML 1.2", "1:1: CVT does not take"),
            ("%FOO\n%BAR", "1:1: CVT does not take the directive `%FOO`"),
        ] {
            let problem = check(text).expect_err(text).to_string();
            assert!(problem.contains(expected), "{text:?}: {problem}");
        }
    }
}
