//! What is wrong with a config file, and where.

use std::fmt;

use saphyr_parser::Marker;

/// A place in the file, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position {
    line: usize,
    column: usize,
}

impl Position {
    /// Where the file begins.
    pub(super) const START: Self = Self { line: 1, column: 1 };

    /// Where what follows this text is.
    pub(super) fn after(text: &str) -> Self {
        let (lines, last) = text.rsplit_once('\n').unwrap_or(("", text));
        let breaks = text.len() - lines.len() - last.len();
        Self {
            line: 1 + breaks + lines.matches('\n').count(),
            column: 1 + last.chars().count(),
        }
    }
}

impl From<Marker> for Position {
    fn from(marker: Marker) -> Self {
        Self {
            line: marker.line(),
            column: marker.col() + 1,
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// One thing that is wrong. No message shows a value of a plugin's config.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) at: Position,
    pub(super) message: String,
}

impl Problem {
    pub(super) fn new(at: impl Into<Position>, message: impl Into<String>) -> Self {
        Self {
            at: at.into(),
            message: message.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.message)
    }
}
