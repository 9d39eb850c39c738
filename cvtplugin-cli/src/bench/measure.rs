//! What is measured: the rows of the table.

use clap::ValueEnum;

/// One figure of a plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(super) enum Measure {
    HandshakeTime,
    InfoTime,
    StartCpu,
    IdleRss,
    IdleThreads,
    LatencyP50,
    LatencyP99,
    SequentialCpu,
    LoadCpu,
    LoadRate,
    LoadRss,
    BigSpecTime,
    BigSpecPeakRss,
    BinarySize,
}

use Measure::{
    BigSpecPeakRss, BigSpecTime, BinarySize, HandshakeTime, IdleRss, IdleThreads, InfoTime,
    LatencyP50, LatencyP99, LoadCpu, LoadRate, LoadRss, SequentialCpu, StartCpu,
};

impl Measure {
    /// All of them, in the order of the table.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        Self::value_variants().iter().copied()
    }

    /// Its name in JSON, which never changes.
    pub(super) fn key(self) -> &'static str {
        match self {
            HandshakeTime => "spawn_to_handshake_line_ms",
            InfoTime => "spawn_to_info_ms",
            StartCpu => "start_and_stop_cpu_ms",
            IdleRss => "idle_rss_mb",
            IdleThreads => "idle_threads",
            LatencyP50 => "latency_p50_us",
            LatencyP99 => "latency_p99_us",
            SequentialCpu => "sequential_cpu_per_call_us",
            LoadCpu => "load_cpu_per_call_us",
            LoadRate => "load_calls_per_s",
            LoadRss => "load_rss_mb",
            BigSpecTime => "big_spec_ms",
            BigSpecPeakRss => "big_spec_peak_rss_mb",
            BinarySize => "binary_size_mb",
        }
    }

    /// What people read, less the unit.
    pub(super) fn title(self, callers: u32) -> String {
        match self {
            HandshakeTime => "spawn to handshake line".into(),
            InfoTime => "spawn to Info response".into(),
            StartCpu => "plugin CPU per start and stop".into(),
            IdleRss => "idle RSS".into(),
            IdleThreads => "idle threads".into(),
            LatencyP50 => "latency p50, 1 caller".into(),
            LatencyP99 => "latency p99, 1 caller".into(),
            SequentialCpu => "plugin CPU per call, 1 caller".into(),
            LoadCpu => format!("plugin CPU per call, {callers} callers"),
            LoadRate => format!("calls/s, {callers} callers"),
            LoadRss => "RSS after load".into(),
            BigSpecTime => "big spec".into(),
            BigSpecPeakRss => "big spec, peak RSS".into(),
            BinarySize => "binary size".into(),
        }
    }

    /// Its unit; empty if it is a count.
    pub(super) fn unit(self) -> &'static str {
        match self {
            HandshakeTime | InfoTime | StartCpu | BigSpecTime => "ms",
            LatencyP50 | LatencyP99 | SequentialCpu | LoadCpu => "us",
            IdleRss | LoadRss | BigSpecPeakRss | BinarySize => "MB",
            IdleThreads | LoadRate => "",
        }
    }

    /// A figure of it for people: counts in full, everything else with three digits.
    pub(super) fn show(self, figure: f64) -> String {
        // What rounds to the next power of ten has a digit more.
        match figure {
            _ if self.unit().is_empty() => format!("{figure:.0}"),
            ..9.995 => format!("{figure:.2}"),
            ..99.95 => format!("{figure:.1}"),
            _ => format!("{figure:.0}"),
        }
    }

    /// Whether more of it is better, and not less.
    pub(super) fn more_is_better(self) -> bool {
        self == LoadRate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_differ_and_end_with_their_units() {
        let mut keys: Vec<_> = Measure::all().map(Measure::key).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), Measure::all().count());
        for measure in Measure::all() {
            let unit = measure.unit().to_lowercase();
            assert!(measure.key().ends_with(&unit), "{measure:?}");
        }
    }

    #[test]
    fn figures_have_three_digits_and_counts_are_whole() {
        for (figure, text) in [
            (0.0, "0.00"),
            (9.994, "9.99"),
            (9.999, "10.0"),
            (99.94, "99.9"),
            (99.96, "100"),
            (1234.5, "1234"),
        ] {
            assert_eq!(InfoTime.show(figure), text);
        }
        assert_eq!(IdleThreads.show(7.0), "7");
        assert_eq!(LoadRate.show(21083.4), "21083");
    }
}
