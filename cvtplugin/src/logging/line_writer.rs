//! Where the lines of a log go.

use std::time::Duration;

/// Takes whole lines, each with its newline.
pub(crate) trait LineWriter: Send + Sync + 'static {
    /// Takes one line, without waiting. Write errors are ignored, but for the count of lost lines.
    fn write_line(&self, line: &str);

    /// Waits until every line is out, but not for longer than `budget`.
    fn flush(&self, budget: Duration) {
        let _ = budget;
    }

    /// How many lines are not out, and nothing there says so.
    fn lost(&self) -> usize {
        0
    }
}
