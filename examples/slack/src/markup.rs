//! Slack's markup, and its limits.

use std::fmt::Write as _;

/// Slack cuts longer texts off. What is kept free is for the remarks at the end.
const MAX_TEXT: usize = 40_000 - 300;

pub(crate) const MAX_NAME: usize = 300;
pub(crate) const MAX_DESCRIPTION: usize = 2_000;

/// As many lines as there is room for, and how many were left out.
pub(crate) fn list(header: String, lines: impl Iterator<Item = String>) -> String {
    let mut size = header.chars().count();
    let mut text = header;
    let mut left_out = 0;
    for line in lines {
        size += line.chars().count() + 1;
        if left_out > 0 || size > MAX_TEXT {
            left_out += 1;
        } else {
            text.push('\n');
            text.push_str(&line);
        }
    }
    if left_out > 0 {
        let _ = write!(text, "\n_… and {left_out} more, left out here._");
    }
    text
}

pub(crate) fn code(text: &str) -> String {
    let text = escape(text, MAX_NAME).replace('`', "'");
    if text.is_empty() {
        text
    } else {
        format!("`{text}`")
    }
}

/// On one line, cut to `max` characters, and with the three that mean something to Slack escaped.
pub(crate) fn escape(text: &str, max: usize) -> String {
    let mut escaped = String::new();
    for (index, character) in text.trim().chars().enumerate() {
        if index == max {
            escaped.push('…');
            break;
        }
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            _ if character.is_control() => escaped.push(' '),
            _ => escaped.push(character),
        }
    }
    escaped
}
