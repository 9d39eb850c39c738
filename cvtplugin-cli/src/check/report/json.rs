//! The report for machines.

use std::path::Path;

use serde_json::{Value, json};

use super::{CheckResult, Report};
use crate::check::outcome::Level;

impl Report {
    pub(in crate::check) fn to_json(&self, plugin: &Path, strict: bool) -> Value {
        json!({
            "plugin": plugin.to_string_lossy(),
            "ok": self.is_good(strict),
            "passed": self.count(Level::Pass),
            "warnings": self.count(Level::Warn),
            "failed": self.count(Level::Fail),
            "skipped": self.count(Level::Skipped),
            "checks": self.results.iter().map(CheckResult::to_json).collect::<Vec<_>>(),
        })
    }
}

impl CheckResult {
    fn to_json(&self) -> Value {
        json!({
            "id": self.name.id,
            "title": self.name.title,
            "level": self.level().name(),
            "found": self.found(),
            "advice": self.advice(),
        })
    }
}
