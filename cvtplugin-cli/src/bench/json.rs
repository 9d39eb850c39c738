//! The report for machines. Its keys are kept: scripts read them.

use serde_json::{Map, Value, json};

use super::measure::Measure;
use super::report::{Figures, Report};
use super::rounds::{BIG_SPECS_PER_ROUND, STARTS_PER_ROUND};

pub(super) fn write(report: &Report) -> Value {
    let ratios = Measure::all().filter_map(|measure| {
        let ratio = report.ratio(measure)?;
        Some((measure.key().to_owned(), ratio.into()))
    });
    json!({
        "rounds": report.scale.rounds,
        "starts_per_round": STARTS_PER_ROUND,
        "calls_per_round": report.scale.calls,
        "callers": report.scale.callers,
        "call": report.load,
        "big_schema": report.big_schema,
        "big_specs_per_round": BIG_SPECS_PER_ROUND,
        "cores": report.cores,
        "plugins": report.plugins.iter().map(plugin).collect::<Vec<_>>(),
        "ratios": Value::Object(ratios.collect()),
    })
}

/// A missing figure is `null`, and `not_measured` has the reason.
fn plugin(plugin: &Figures) -> Value {
    let mut medians = Map::new();
    let mut not_measured = Map::new();
    for (measure, figure) in &plugin.medians {
        let key = measure.key().to_owned();
        if let Err(why) = figure {
            not_measured.insert(key.clone(), why.as_str().into());
        }
        medians.insert(key, figure.as_ref().ok().copied().into());
    }
    json!({
        "binary": plugin.binary,
        "name": plugin.name,
        "version": plugin.version,
        "medians": medians,
        "not_measured": not_measured,
    })
}

#[cfg(test)]
mod tests {
    use super::super::report::tests::comparison;
    use super::*;

    #[test]
    fn json_has_medians_ratios_and_reasons() {
        let report = write(&comparison());
        assert_eq!(report["rounds"], 5);
        let hello = &report["plugins"][0];
        assert_eq!(hello["binary"], "/plugins/hello");
        assert_eq!(hello["medians"]["spawn_to_handshake_line_ms"], 1.0);
        assert_eq!(hello["medians"]["big_spec_ms"], Value::Null);
        assert_eq!(hello["not_measured"]["big_spec_ms"], "it has none");
        assert_eq!(report["ratios"]["load_calls_per_s"], 2.0);
        assert_eq!(report["ratios"].get("big_spec_ms"), None);
    }
}
