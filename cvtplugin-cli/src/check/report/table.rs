//! The report for people.

use std::fmt::{self, Write as _};

use anstyle::{AnsiColor, Style};

use super::{Finding, Report};
use crate::check::outcome::Level;

const BOLD: Style = Style::new().bold();

/// How wide the column of levels is.
const LEVEL_WIDTH: usize = 7;

impl Report {
    /// A line for each check, and below it what to do; styled for a terminal.
    pub(in crate::check) fn to_table(&self) -> String {
        let mut table = String::new();
        // A String takes whatever is written.
        let _ = self.write_table(&mut table);
        table
    }

    fn write_table(&self, table: &mut String) -> fmt::Result {
        let titles = self.findings.iter().map(|finding| finding.name.title.len());
        let title_width = titles.max().unwrap_or_default();
        for finding in &self.findings {
            finding.write_lines(table, title_width)?;
        }
        self.write_counts(table)
    }

    fn write_counts(&self, table: &mut String) -> fmt::Result {
        let counts = [
            (Level::Pass, "passed"),
            (Level::Lacks, "lacking"),
            (Level::Fail, "failed"),
            (Level::Skipped, "skipped"),
        ];
        let counts = counts.map(|(level, word)| {
            let count = self.count(level);
            let style = if count == 0 {
                Style::new()
            } else {
                style(level)
            };
            format!("{style}{count} {word}{style:#}")
        });
        writeln!(
            table,
            "\n{BOLD}{} checks:{BOLD:#} {}",
            self.findings.len(),
            counts.join(", ")
        )
    }
}

impl Finding {
    fn write_lines(&self, table: &mut String, title_width: usize) -> fmt::Result {
        let level = self.level();
        let style = style(level);
        let mut found = self.found().lines();
        let first = found.next().unwrap_or_default();
        let (name, title) = (level.name(), self.name.title);
        writeln!(
            table,
            "{style}{name:LEVEL_WIDTH$}{style:#}  {title:title_width$}  {first}"
        )?;
        let indent = LEVEL_WIDTH + title_width + 4;
        for line in found {
            writeln!(table, "{:indent$}{line}", "")?;
        }
        if !self.advice().is_empty() {
            writeln!(table, "{:indent$}{BOLD}->{BOLD:#} {}", "", self.advice())?;
        }
        Ok(())
    }
}

fn style(level: Level) -> Style {
    let color = match level {
        Level::Pass => AnsiColor::Green,
        Level::Lacks => AnsiColor::Yellow,
        Level::Fail => AnsiColor::Red,
        Level::Skipped => AnsiColor::BrightBlack,
    };
    Style::new().fg_color(Some(color.into()))
}

#[cfg(test)]
mod tests {
    use anstream::adapter::strip_str;

    use crate::check::outcome::Complaint;
    use crate::check::{Report, names};
    use crate::redaction::Redaction;

    #[test]
    fn a_table_has_a_line_for_each_check_and_says_what_to_do() {
        let mut report = Report::begin(Redaction::default());
        report.add(names::PING, Ok("SERVING".to_owned()));
        let complaint = Complaint::fails("it hangs\nand hangs", "end it");
        report.add(names::SHUTDOWN, Err(complaint));
        report.add(names::SECRETS, Err(Complaint::skipped("there are none")));
        let table = report.to_table();
        let expected = "\
pass     go-plugin's ping  SERVING
fail     Shutdown          it hangs
                           and hangs
                           -> end it
skipped  Secrets           there are none

3 checks: 1 passed, 0 lacking, 1 failed, 1 skipped
";
        assert_eq!(strip_str(&table).to_string(), expected);
        assert_ne!(table, expected, "it is styled");
    }
}
