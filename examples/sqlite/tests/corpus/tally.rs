//! Counts verdicts by what is true.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use crate::pairs::{Pair, Truth};

#[derive(Default)]
pub(crate) struct Tally {
    by_mutation: BTreeMap<&'static str, Counts>,
    /// Verdicts that nobody should get.
    wrong: Vec<String>,
}

#[derive(Default)]
struct Counts {
    pairs: usize,
    broken: usize,
    possibly: usize,
    missed: usize,
    touched: usize,
    unaffected: usize,
    careful: usize,
    false_alarms: usize,
}

impl Tally {
    pub(crate) fn count(&mut self, pair: &Pair, report: &Value) {
        let counts = self.by_mutation.entry(pair.mutation.name).or_default();
        counts.pairs += 1;
        let assessments = report["consumers"].as_array().expect("consumers");
        assert_eq!(assessments.len(), pair.consumers.len());
        for (consumer, assessment) in pair.consumers.iter().zip(assessments) {
            assert_eq!(assessment["consumer"], *consumer.name);
            let verdict = assessment["verdict"].as_str().expect("a verdict");
            let truth = consumer.truth(&pair.mutation);
            let count = match (truth, verdict) {
                (Truth::Breaks, "broken") => &mut counts.broken,
                (Truth::Breaks, "possibly") => &mut counts.possibly,
                (Truth::Breaks, _) => &mut counts.missed,
                (Truth::Touches, _) => &mut counts.touched,
                (Truth::Spares, "unaffected") => &mut counts.unaffected,
                (Truth::Spares, "broken") => &mut counts.false_alarms,
                (Truth::Spares, _) => &mut counts.careful,
            };
            *count += 1;
            let is_wrong = matches!((truth, verdict), (Truth::Spares, "broken"))
                || truth == Truth::Breaks && !matches!(verdict, "broken" | "possibly");
            if is_wrong {
                let (name, mutation) = (&pair.name, &pair.mutation);
                self.wrong
                    .push(format!("{name}, {mutation:?}, {truth:?}: {assessment}"));
            }
        }
    }

    fn sum(&self, of: impl Fn(&Counts) -> usize) -> usize {
        self.by_mutation.values().map(of).sum()
    }

    /// Fails unless what breaks is found, and what is spared is left alone.
    pub(crate) fn check(&self) {
        let wrong = self.wrong.join("\n");
        assert_eq!(self.sum(|it| it.missed), 0, "{wrong}");
        let spared = self.sum(|it| it.unaffected + it.careful + it.false_alarms);
        assert!(
            self.sum(|it| it.false_alarms) * 100 <= spared * 2,
            "{wrong}"
        );
        assert!(self.sum(|it| it.unaffected) * 100 >= spared * 80, "{self}");
        // Being careful all the time would pass the above.
        let broken = self.sum(|it| it.broken);
        assert!(
            broken * 100 >= self.sum(|it| it.broken + it.possibly) * 80,
            "{self}"
        );
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headings = [
            "pairs", "broken", "possibly", "missed", "touched", "spared", "careful", "alarms",
        ];
        write!(f, "{:24}", "mutation")?;
        headings.iter().try_for_each(|it| write!(f, "{it:>10}"))?;
        for (name, it) in &self.by_mutation {
            write!(f, "\n{name:24}")?;
            let counts = [
                it.pairs,
                it.broken,
                it.possibly,
                it.missed,
                it.touched,
                it.unaffected,
                it.careful,
                it.false_alarms,
            ];
            counts.iter().try_for_each(|it| write!(f, "{it:>10}"))?;
        }
        Ok(())
    }
}
