//! What all checks found.

mod json;
mod table;

use indicatif::ProgressBar;

use super::names::Name;
use super::outcome::{Finding, Level, Outcome};
use cvtplugin::__command::Redactor;

/// The results so far, and on a terminal which check is running.
pub(super) struct Report {
    results: Vec<CheckResult>,
    progress: ProgressBar,
    /// Output of a broken plugin may hold secrets; the report does not.
    redactor: Redactor,
}

/// The result of one check.
struct CheckResult {
    name: Name,
    outcome: Outcome,
}

impl CheckResult {
    fn level(&self) -> Level {
        match &self.outcome {
            Ok(_) => Level::Pass,
            Err(finding) => finding.level,
        }
    }

    fn found(&self) -> &str {
        match &self.outcome {
            Ok(found) => found,
            Err(finding) => &finding.found,
        }
    }

    /// What to do about it; empty if there is nothing to be done.
    fn advice(&self) -> &str {
        match &self.outcome {
            Ok(_) => "",
            Err(finding) => &finding.advice,
        }
    }
}

impl Report {
    pub(super) fn begin(redactor: Redactor) -> Self {
        Self {
            redactor,
            results: Vec::new(),
            progress: ProgressBar::new_spinner(),
        }
    }

    /// Adds what a check finds that takes its time.
    pub(super) async fn check(&mut self, name: Name, outcome: impl Future<Output = Outcome>) {
        self.in_progress(name);
        let outcome = outcome.await;
        self.add(name, outcome);
    }

    /// Shows on a terminal which check is running.
    pub(super) fn in_progress(&self, name: Name) {
        self.progress.set_message(name.title);
        self.progress.tick();
    }

    /// Adds what a check found.
    pub(super) fn add(&mut self, name: Name, outcome: Outcome) {
        let outcome = match outcome {
            Ok(found) => Ok(self.redactor.redact(&found).into_owned()),
            Err(finding) => Err(Finding {
                found: self.redactor.redact(&finding.found).into_owned(),
                ..finding
            }),
        };
        self.results.push(CheckResult { name, outcome });
    }

    /// Puts the last failure first: whatever else was found is due to it.
    pub(super) fn lead_with_last_failure(&mut self) {
        let failed = |result: &CheckResult| result.level() == Level::Fail;
        if let Some(index) = self.results.iter().rposition(failed) {
            self.results[..=index].rotate_right(1);
        }
    }

    /// Takes the progress off the terminal.
    pub(super) fn finish(&self) {
        self.progress.finish_and_clear();
    }

    /// Whether nothing failed; if `strict`, without warnings.
    pub(super) fn is_good(&self, strict: bool) -> bool {
        self.count(Level::Fail) == 0 && !(strict && self.count(Level::Warn) > 0)
    }

    fn count(&self, level: Level) -> usize {
        let levels = self.results.iter().map(CheckResult::level);
        levels.filter(|found| *found == level).count()
    }
}
