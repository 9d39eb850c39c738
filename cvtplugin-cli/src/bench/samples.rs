//! What was measured, and why something was not.

use std::collections::BTreeMap;

use super::measure::Measure;
use super::statistics::median;

/// A figure, or why there is none.
pub(super) type Figure = Result<f64, String>;

/// A plugin's samples.
#[derive(Debug, Default)]
pub(super) struct Samples {
    values: BTreeMap<Measure, Vec<f64>>,
    reasons: BTreeMap<Measure, String>,
}

impl Samples {
    pub(super) fn add(&mut self, measure: Measure, sample: Figure) {
        match sample {
            Ok(value) => self.values.entry(measure).or_default().push(value),
            Err(why) => drop(self.reasons.insert(measure, why)),
        }
    }

    /// The median of every measure.
    pub(super) fn medians(&self) -> BTreeMap<Measure, Figure> {
        let all = Measure::all();
        all.map(|measure| (measure, self.median(measure))).collect()
    }

    /// Half a set of samples would not be a fair one: a reason beats all values.
    fn median(&self, measure: Measure) -> Figure {
        if let Some(why) = self.reasons.get(&measure) {
            return Err(why.clone());
        }
        let values = self.values.get(&measure).map_or(&[][..], Vec::as_slice);
        median(values).ok_or_else(|| "there are no samples".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measure_has_a_median_or_a_reason() {
        let mut samples = Samples::default();
        samples.add(Measure::IdleRss, Ok(5.0));
        samples.add(Measure::IdleRss, Ok(7.0));
        samples.add(Measure::BigSpecTime, Ok(1.0));
        samples.add(Measure::BigSpecTime, Err("it has none".into()));
        let medians = samples.medians();
        assert_eq!(medians.len(), Measure::all().count());
        assert_eq!(medians[&Measure::IdleRss], Ok(6.0));
        assert_eq!(medians[&Measure::BigSpecTime], Err("it has none".into()));
        let none = medians[&Measure::LoadRate].as_ref();
        assert_eq!(none.expect_err("no samples"), "there are no samples");
    }
}
