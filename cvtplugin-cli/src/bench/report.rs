//! What came of it: all that table and JSON show.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::candidate::Candidate;
use super::measure::Measure;
use super::rounds::{Rounds, Scale};
use super::samples::Figure;

/// The figures of one plugin, or of two to compare.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) scale: Scale,
    /// The calls that were made.
    pub(super) load: String,
    pub(super) big_schema: Option<String>,
    /// Of this machine: client and plugin share them.
    pub(super) cores: usize,
    pub(super) plugins: Vec<Figures>,
}

/// A plugin and its medians.
#[derive(Debug)]
pub(super) struct Figures {
    pub(super) label: String,
    pub(super) binary: PathBuf,
    pub(super) name: String,
    pub(super) version: String,
    pub(super) medians: BTreeMap<Measure, Figure>,
}

impl Report {
    pub(super) fn new(rounds: &Rounds, candidates: Vec<Candidate>) -> Self {
        Self {
            scale: rounds.scale,
            load: rounds.load.to_string(),
            big_schema: rounds.big_schema.clone(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            plugins: candidates.into_iter().map(Figures::of).collect(),
        }
    }

    /// The first plugin's figure by the second's, if there are both.
    pub(super) fn ratio(&self, measure: Measure) -> Option<f64> {
        let [one, other] = self.plugins.as_slice() else {
            return None;
        };
        let (one, other) = (one.figure(measure)?, other.figure(measure)?);
        (other > 0.0).then_some(one / other)
    }
}

impl Figures {
    fn of(candidate: Candidate) -> Self {
        Self {
            medians: candidate.samples.medians(),
            label: candidate.label,
            binary: candidate.target.binary,
            name: candidate.info.name,
            version: candidate.info.version,
        }
    }

    pub(super) fn figure(&self, measure: Measure) -> Option<f64> {
        self.medians.get(&measure)?.as_ref().ok().copied()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A comparison in which `hello` has twice what `peer` has, and neither a big spec.
    pub(in super::super) fn comparison() -> Report {
        Report {
            scale: Scale {
                rounds: 5,
                calls: 1000,
                callers: 64,
            },
            load: "FetchSchema of petstore".into(),
            big_schema: None,
            cores: 2,
            plugins: vec![figures("hello", 2.0), figures("peer", 1.0)],
        }
    }

    fn figures(label: &str, factor: f64) -> Figures {
        let medians = Measure::all().zip(0_u32..).map(|(measure, n)| {
            let figure = match measure {
                Measure::BigSpecTime | Measure::BigSpecPeakRss => Err("it has none".into()),
                Measure::LoadRate => Ok(12_345.0 * factor),
                _ => Ok((f64::from(n) + 0.5) * factor),
            };
            (measure, figure)
        });
        Figures {
            label: label.into(),
            binary: PathBuf::from("/plugins").join(label),
            name: label.into(),
            version: "0.1.0".into(),
            medians: medians.collect(),
        }
    }

    #[test]
    fn ratios_are_of_the_first_by_the_second() {
        let mut report = comparison();
        assert_eq!(report.ratio(Measure::IdleRss), Some(2.0));
        assert_eq!(report.ratio(Measure::BigSpecTime), None);
        report.plugins[1].medians.insert(Measure::IdleRss, Ok(0.0));
        assert_eq!(report.ratio(Measure::IdleRss), None);
        report.plugins.pop();
        assert_eq!(report.ratio(Measure::InfoTime), None);
    }
}
