//! What all checks found.

mod json;
mod table;

use indicatif::ProgressBar;

use super::names::Name;
use super::outcome::{Complaint, Level, Outcome};
use crate::redaction::Redaction;

/// The findings so far, and on a terminal which check is under way.
pub(super) struct Report {
    findings: Vec<Finding>,
    progress: ProgressBar,
    /// What the plugin says may hold them, where it is broken; the report does not.
    redaction: Redaction,
}

/// What one check found.
struct Finding {
    name: Name,
    outcome: Outcome,
}

impl Finding {
    fn level(&self) -> Level {
        match &self.outcome {
            Ok(_) => Level::Pass,
            Err(complaint) => complaint.level,
        }
    }

    fn found(&self) -> &str {
        match &self.outcome {
            Ok(found) => found,
            Err(complaint) => &complaint.found,
        }
    }

    /// What to do about it; empty if there is nothing to be done.
    fn advice(&self) -> &str {
        match &self.outcome {
            Ok(_) => "",
            Err(complaint) => &complaint.advice,
        }
    }
}

impl Report {
    pub(super) fn begin(redaction: Redaction) -> Self {
        Self {
            redaction,
            findings: Vec::new(),
            progress: ProgressBar::new_spinner(),
        }
    }

    /// Adds what a check finds that takes its time.
    pub(super) async fn check(&mut self, name: Name, outcome: impl Future<Output = Outcome>) {
        self.under_way(name);
        let outcome = outcome.await;
        self.add(name, outcome);
    }

    /// Says on a terminal which check is under way.
    pub(super) fn under_way(&self, name: Name) {
        self.progress.set_message(name.title);
        self.progress.tick();
    }

    /// Adds what a check found.
    pub(super) fn add(&mut self, name: Name, outcome: Outcome) {
        let outcome = match outcome {
            Ok(found) => Ok(self.redaction.redact(&found)),
            Err(complaint) => Err(Complaint {
                found: self.redaction.redact(&complaint.found),
                ..complaint
            }),
        };
        self.findings.push(Finding { name, outcome });
    }

    /// Takes the progress off the terminal.
    pub(super) fn finish(&self) {
        self.progress.finish_and_clear();
    }

    /// Whether nothing failed; if `strict`, nothing is lacking either.
    pub(super) fn is_good(&self, strict: bool) -> bool {
        self.count(Level::Fail) == 0 && !(strict && self.count(Level::Lacks) > 0)
    }

    fn count(&self, level: Level) -> usize {
        let levels = self.findings.iter().map(Finding::level);
        levels.filter(|found| *found == level).count()
    }
}
