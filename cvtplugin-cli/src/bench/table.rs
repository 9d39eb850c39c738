//! The report for people.

use std::collections::BTreeMap;

use comfy_table::{Attribute, Cell, CellAlignment, Color};

use super::measure::Measure;
use super::report::{Figures, Report};
use super::rounds::{BIG_SPECS_PER_ROUND, STARTS_PER_ROUND, Scale};
use crate::terminal;

/// A ratio this near to 1 is not a difference.
const NOISE: f64 = 0.05;

/// The table and the notes below it, with colours as escape sequences.
pub(super) fn write(report: &Report) -> String {
    let mut table = terminal::table();
    table.add_row(header(report));
    table.add_rows(Measure::all().map(|measure| row(report, measure)));
    let mut text = terminal::render(table);
    text.push('\n');
    for note in notes(report) {
        text += &note;
        text.push('\n');
    }
    text
}

fn header(report: &Report) -> Vec<Cell> {
    let labels = report.plugins.iter().map(|plugin| plugin.label.as_str());
    let ratio = (report.plugins.len() == 2).then_some("ratio");
    let figures = labels.chain(ratio).map(right);
    let titles = std::iter::once(Cell::new("median")).chain(figures);
    titles.map(|it| it.add_attribute(Attribute::Bold)).collect()
}

fn row(report: &Report, measure: Measure) -> Vec<Cell> {
    let mut cells = vec![Cell::new(full_title(report, measure))];
    for plugin in &report.plugins {
        let figure = plugin.figure(measure).map(|figure| measure.show(figure));
        cells.push(right(figure.unwrap_or_else(|| "-".to_owned())));
    }
    if let Some(ratio) = report.ratio(measure) {
        let cell = right(format!("{ratio:.2}"));
        cells.push(match verdict(measure, ratio) {
            Some(colour) => cell.fg(colour),
            None => cell,
        });
    }
    cells
}

fn right(text: impl ToString) -> Cell {
    Cell::new(text).set_alignment(CellAlignment::Right)
}

/// The title with its unit.
fn full_title(report: &Report, measure: Measure) -> String {
    let title = measure.title(report.scale.callers);
    match measure.unit() {
        "" => title,
        unit => format!("{title}, {unit}"),
    }
}

/// The colour of a ratio that is more than noise.
fn verdict(measure: Measure, ratio: f64) -> Option<Color> {
    if (ratio - 1.0).abs() <= NOISE {
        return None;
    }
    let better = (ratio > 1.0) == measure.more_is_better();
    Some(if better { Color::Green } else { Color::Red })
}

fn notes(report: &Report) -> Vec<String> {
    let reasons = report.plugins.iter();
    [how_much(report), what_to_trust(report)]
        .into_iter()
        .chain(reasons.flat_map(|plugin| not_measured(report, plugin)))
        .collect()
}

fn how_much(report: &Report) -> String {
    let Scale {
        rounds,
        calls,
        callers,
    } = report.scale;
    let big_specs = match &report.big_schema {
        Some(id) => format!("; {BIG_SPECS_PER_ROUND} times the big spec {id}"),
        None => String::new(),
    };
    let load = &report.load;
    format!(
        "Rounds: {rounds}, each of {STARTS_PER_ROUND} starts; {calls} calls ({load}) by 1 caller \
         and by {callers}{big_specs}."
    )
}

fn what_to_trust(report: &Report) -> String {
    let cores = report.cores;
    match report.plugins.as_slice() {
        [one, other] => format!(
            "Client and plugin share {cores} cores: trust the ratios, {} / {}, more than the rest.",
            one.label, other.label
        ),
        _ => format!("Client and plugin share {cores} cores: compare plugins with --vs."),
    }
}

/// Why some figures are not there, each reason once.
fn not_measured(report: &Report, plugin: &Figures) -> Vec<String> {
    let mut reasons = BTreeMap::<&str, Vec<String>>::new();
    for (measure, figure) in &plugin.medians {
        if let Err(why) = figure {
            let titles = reasons.entry(why).or_default();
            titles.push(measure.title(report.scale.callers));
        }
    }
    let line = |(why, titles): (&str, Vec<String>)| {
        let titles = titles.join("; ");
        format!("{}: not measured, since {why}: {titles}.", plugin.label)
    };
    reasons.into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::report::tests::comparison;
    use super::*;

    fn plain(report: &Report) -> String {
        anstream::adapter::strip_str(&write(report)).to_string()
    }

    #[test]
    fn table_compares_two_plugins() {
        expect![[r"
            median                               hello   peer  ratio
            spawn to handshake line, ms           1.00   0.50   2.00
            spawn to Info response, ms            3.00   1.50   2.00
            plugin CPU per start and stop, ms     5.00   2.50   2.00
            idle RSS, MB                          7.00   3.50   2.00
            idle threads                             9      4   2.00
            latency p50, 1 caller, us             11.0   5.50   2.00
            latency p99, 1 caller, us             13.0   6.50   2.00
            plugin CPU per call, 1 caller, us     15.0   7.50   2.00
            plugin CPU per call, 64 callers, us   17.0   8.50   2.00
            calls/s, 64 callers                  24690  12345   2.00
            RSS after load, MB                    21.0   10.5   2.00
            big spec, ms                             -      -
            big spec, peak RSS, MB                   -      -
            binary size, MB                       27.0   13.5   2.00

            Rounds: 5, each of 10 starts; 1000 calls (FetchSchema of petstore) by 1 caller and by 64.
            Client and plugin share 2 cores: trust the ratios, hello / peer, more than the rest.
            hello: not measured, since it has none: big spec; big spec, peak RSS.
            peer: not measured, since it has none: big spec; big spec, peak RSS.
        "]]
        .assert_eq(&plain(&comparison()));
    }

    #[test]
    fn table_of_one_plugin_has_no_ratios() {
        let mut report = comparison();
        report.plugins.pop();
        let table = plain(&report);
        assert!(!table.contains("ratio"), "{table}");
        assert!(!table.contains("peer"), "{table}");
    }

    #[test]
    fn colour_shows_what_is_better() {
        let (green, red) = (Some(Color::Green), Some(Color::Red));
        assert_eq!(verdict(Measure::IdleRss, 0.5), green);
        assert_eq!(verdict(Measure::IdleRss, 1.5), red);
        assert_eq!(verdict(Measure::LoadRate, 0.5), red);
        assert_eq!(verdict(Measure::LoadRate, 1.5), green);
        assert_eq!(verdict(Measure::IdleRss, 1.04), None);
    }
}
