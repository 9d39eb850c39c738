//! What `doctor` prints.

use comfy_table::{Attribute, Cell, Color};
use serde_json::{Value, json};

use super::finding::{Finding, Level};
use crate::terminal;

/// All findings, by what they are about.
#[derive(Debug, Default)]
pub(super) struct Report(Vec<(String, Finding)>);

impl Report {
    pub(super) fn add(&mut self, about: &str, findings: impl IntoIterator<Item = Finding>) {
        let findings = findings.into_iter();
        self.0.extend(findings.map(|it| (about.to_owned(), it)));
    }

    /// The level of the worst finding.
    pub(super) fn worst(&self) -> Level {
        let levels = self.0.iter().map(|(_, finding)| finding.level);
        levels.max().unwrap_or(Level::Ok)
    }

    /// A line for each finding, and below it what to do. Notes are only shown beside what is worse.
    pub(super) fn to_table(&self) -> String {
        let shown = |level| level != Level::Note || self.worst() > Level::Note;
        let mut table = terminal::table();
        for (about, finding) in self.0.iter().filter(|(_, it)| shown(it.level)) {
            let found = terminal::plain(&finding.found);
            let text = match finding.fix.as_str() {
                "" => found,
                fix => format!("{found}\n-> {}", terminal::plain(fix)),
            };
            let level = Cell::new(finding.level.name())
                .fg(colour(finding.level))
                .add_attribute(Attribute::Bold);
            table.add_row(vec![level, Cell::new(about), Cell::new(text)]);
        }
        terminal::render(table)
    }

    pub(super) fn to_json(&self) -> Value {
        let findings = self.0.iter().map(|(about, finding)| {
            json!({
                "about": about,
                "level": finding.level.name(),
                "found": finding.found,
                "fix": finding.fix,
            })
        });
        json!({
            "level": self.worst().name(),
            "findings": findings.collect::<Vec<_>>(),
        })
    }
}

fn colour(level: Level) -> Color {
    match level {
        Level::Ok => Color::Green,
        Level::Note => Color::Blue,
        Level::Warning => Color::Yellow,
        Level::Error => Color::Red,
    }
}
