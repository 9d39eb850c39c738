//! The report for people.

use anstyle::{AnsiColor, Style};
use comfy_table::{Cell, Color, Row};

use super::{CheckResult, Report};
use crate::check::outcome::Level;
use crate::terminal;

const BOLD: Style = Style::new().bold();

impl Report {
    /// A row for each check, with the advice below what was found; styled for a terminal.
    pub(in crate::check) fn to_table(&self) -> String {
        let mut table = terminal::table();
        table.add_rows(self.results.iter().map(CheckResult::row));
        format!("{}\n{}\n", terminal::render(table), self.counts())
    }

    fn counts(&self) -> String {
        let counts = [
            (Level::Pass, "passed", AnsiColor::Green),
            (Level::Warn, "warnings", AnsiColor::Yellow),
            (Level::Fail, "failed", AnsiColor::Red),
            (Level::Skipped, "skipped", AnsiColor::BrightBlack),
        ];
        let counts = counts.map(|(level, title, colour)| match self.count(level) {
            0 => format!("0 {title}"),
            count => {
                let style = colour.on_default();
                format!("{style}{count} {title}{style:#}")
            }
        });
        let checks = self.results.len();
        format!("{BOLD}{checks} checks:{BOLD:#} {}", counts.join(", "))
    }
}

impl CheckResult {
    fn row(&self) -> Row {
        let level = self.level();
        let found = match self.advice() {
            "" => self.found().to_owned(),
            advice => format!("{}\n-> {advice}", self.found()),
        };
        let level = Cell::new(level.name()).fg(colour(level));
        let found = terminal::plain(&found);
        Row::from(vec![level, self.name.title.into(), found.into()])
    }
}

fn colour(level: Level) -> Color {
    match level {
        Level::Pass => Color::Green,
        Level::Warn => Color::Yellow,
        Level::Fail => Color::Red,
        Level::Skipped => Color::DarkGrey,
    }
}

#[cfg(test)]
mod tests {
    use anstream::adapter::strip_str;

    use crate::check::names;
    use crate::check::outcome::Finding;
    use crate::check::report::Report;
    use cvtplugin::__command::Redactor;

    #[test]
    fn table_has_a_row_per_check_and_advice() {
        let mut report = Report::begin(Redactor::default());
        report.add(names::PING, Ok("SERVING".to_owned()));
        let finding = Finding::fail("it hangs\nand hangs", "end it");
        report.add(names::SHUTDOWN, Err(finding));
        report.add(names::SECRETS, Err(Finding::skip("there are none")));
        let table = report.to_table();
        let expected = "\
pass     go-plugin's ping  SERVING
fail     Shutdown          it hangs
                           and hangs
                           -> end it
skipped  Secrets           there are none

3 checks: 1 passed, 0 warnings, 1 failed, 1 skipped
";
        assert_eq!(strip_str(&table).to_string(), expected);
        assert_ne!(table, expected, "it is styled");
    }
}
