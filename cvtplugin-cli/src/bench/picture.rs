//! The comparison as an SVG: a pair of bars for each measure, the second plugin's of length 1.

use svg::Document;
use svg::node::element::{Group, Rectangle, Style, Text, Title};

use super::measure::Measure;
use super::report::{Figures, Report};

const TITLE: &str = "Two plugins, side by side";

const WIDTH: f64 = 760.0;
const MARGIN: f64 = 28.0;
/// Where the rows begin, below title and legend.
const TOP: f64 = 132.0;
const ROW: f64 = 44.0;
const BAR: f64 = 13.0;
/// Where bars begin, and how long the longest is.
const BARS_LEFT: f64 = 272.0;
const LONGEST: f64 = 310.0;
/// A ratio beyond this is drawn with a gap in the bar: all other bars would get too short.
const CUT: f64 = 4.0;
/// Between things that belong together.
const GAP: f64 = 8.0;

/// Colours for light backgrounds and for dark ones.
const STYLE: &str = "
text { font: 13px system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; fill: #1f2328 }
.title { font-size: 18px; font-weight: 600 }
.muted { font-size: 11px; fill: #656d76 }
.value { font-size: 11px }
.ratio { font-weight: 600; text-anchor: end }
.page { fill: #ffffff }
.first { fill: #dd5f2e }
.second { fill: #8c96a3 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .muted { fill: #9198a1 }
  .page { fill: #0d1117 }
  .first { fill: #f0783f }
  .second { fill: #768390 }
}
";

/// Draws two plugins; measures that one of them lacks are left out.
pub(super) fn draw(report: &Report) -> String {
    let [one, other] = report.plugins.as_slice() else {
        return Document::new().to_string();
    };
    let rows: Vec<_> = Measure::ALL
        .into_iter()
        .filter_map(|measure| Row::of(report, measure))
        .collect();
    let bottom = rows.iter().fold(TOP, |top, _| top + ROW);
    let height = bottom + MARGIN - GAP;
    let longest = rows.iter().map(|row| row.ratio).fold(1.0, f64::max);
    let unit = LONGEST / longest.min(CUT);

    let page = Rectangle::new()
        .set("class", "page")
        .set("width", WIDTH)
        .set("height", height)
        .set("rx", 8);
    let mut document = Document::new()
        .set("viewBox", (0, 0, WIDTH, height))
        .set("width", WIDTH)
        .set("height", height)
        .set("role", "img")
        .add(Title::new(TITLE))
        .add(Style::new(STYLE))
        .add(page)
        .add(heading(report, one, other));
    let mut top = TOP;
    for row in rows {
        document = document.add(row.draw(top, unit));
        top += ROW;
    }
    document.to_string()
}

fn heading(report: &Report, one: &Figures, other: &Figures) -> Group {
    let how = format!(
        "rounds: {}, cores: {}; medians relative to the second plugin, shorter is better",
        report.scale.rounds, report.cores
    );
    Group::new()
        .add(text(TITLE, "title", MARGIN, 38.0))
        .add(text(how, "muted", MARGIN, 58.0))
        .add(legend(one, "first", 74.0))
        .add(legend(other, "second", 95.0))
}

/// Which bars are whose.
fn legend(plugin: &Figures, class: &str, top: f64) -> Group {
    let label = plugin.label.as_str();
    Group::new().add(bar(class, MARGIN, top, BAR)).add(text(
        label,
        "",
        MARGIN + BAR + GAP,
        top + 11.0,
    ))
}

/// What both plugins have of a measure.
struct Row {
    title: String,
    hint: &'static str,
    ratio: f64,
    values: [String; 2],
}

impl Row {
    fn of(report: &Report, measure: Measure) -> Option<Self> {
        let value = |plugin: &Figures| {
            let figure = measure.show(plugin.figure(measure)?);
            Some(format!("{figure} {}", measure.unit()).trim_end().to_owned())
        };
        let [one, other] = report.plugins.as_slice() else {
            return None;
        };
        Some(Self {
            title: measure.title(report.scale.callers),
            hint: if measure.more_is_better() {
                "longer is better"
            } else {
                ""
            },
            ratio: report.ratio(measure)?,
            values: [value(one)?, value(other)?],
        })
    }

    fn draw(self, top: f64, unit: f64) -> Group {
        let Self {
            title,
            hint,
            ratio,
            values,
        } = self;
        let [first, second] = values;
        let second_top = top + BAR + 2.0;
        Group::new()
            .add(text(title, "", MARGIN, top + 18.0))
            .add(text(hint, "muted", MARGIN, top + 32.0))
            .add(valued_bar("first", top, ratio.min(CUT) * unit, first))
            .add(valued_bar("second", second_top, unit, second))
            .add(gap_in_bar(top, ratio, unit))
            .add(text(
                format!("{ratio:.2}×"),
                "ratio",
                WIDTH - MARGIN,
                top + 18.0,
            ))
    }
}

/// A bar with its value at its end.
fn valued_bar(class: &str, top: f64, length: f64, value: String) -> Group {
    Group::new()
        .add(bar(class, BARS_LEFT, top, length))
        .add(text(value, "value", BARS_LEFT + length + GAP, top + 10.5))
}

/// Shows that the first plugin's bar had to be cut, if it had to.
fn gap_in_bar(top: f64, ratio: f64, unit: f64) -> Group {
    if ratio <= CUT {
        return Group::new();
    }
    let left = BARS_LEFT + (CUT - 0.5) * unit;
    Group::new().add(bar("page", left, top, GAP))
}

fn bar(class: &str, x: f64, y: f64, length: f64) -> Rectangle {
    Rectangle::new()
        .set("class", class)
        .set("x", x)
        .set("y", y)
        .set("width", length)
        .set("height", BAR)
        .set("rx", 2)
}

fn text(content: impl Into<String>, class: &str, x: f64, y: f64) -> Text {
    Text::new(content)
        .set("class", class)
        .set("x", x)
        .set("y", y)
}

#[cfg(test)]
mod tests {
    use super::super::report::tests::comparison;
    use super::*;

    #[test]
    fn every_measure_that_both_have_is_drawn() {
        let picture = draw(&comparison());
        for measure in Measure::ALL {
            let title = format!("\n{}\n", measure.title(64));
            let both_have_it = comparison().ratio(measure).is_some();
            assert_eq!(picture.contains(&title), both_have_it, "{measure:?}");
        }
        assert!(picture.contains("\n24690\n"), "{picture}");
        assert!(picture.contains("\n7.00 MB\n"), "{picture}");
    }

    #[test]
    fn bars_are_relative_to_the_second_plugin() {
        let picture = draw(&comparison());
        let bars = |class: &str, width: f64| {
            let attributes = format!(r#"class="{class}" height="{BAR}" rx="2" width="{width}""#);
            picture.matches(&attributes).count()
        };
        assert_eq!(bars("first", LONGEST), 12);
        assert_eq!(bars("second", LONGEST / 2.0), 12);
    }

    #[test]
    fn a_bar_that_is_far_too_long_is_cut() {
        let mut report = comparison();
        let peer = &mut report.plugins[1].medians;
        peer.insert(Measure::IdleRss, Ok(0.01));
        let picture = draw(&report);
        let gap = format!(r#"class="page" height="{BAR}""#);
        assert_eq!(picture.matches(&gap).count(), 1);
        assert!(picture.contains("\n700.00×\n"), "{picture}");
        let whole = format!(r#"width="{LONGEST}""#);
        assert_eq!(picture.matches(&whole).count(), 1);
    }

    #[test]
    fn labels_are_escaped() {
        let mut report = comparison();
        report.plugins[0].label = "<&>".into();
        let picture = draw(&report);
        assert!(picture.contains("&lt;&amp;&gt;"), "{picture}");
        assert!(!picture.contains("<&>"), "{picture}");
    }
}
