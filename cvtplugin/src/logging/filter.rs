//! Which events reach the host: info and above, or what `CVT_PLUGIN_LOG` says.

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;

/// Targets and levels, as in `RUST_LOG`: `debug`, `info,my_plugin=trace`.
const VARIABLE: &str = "CVT_PLUGIN_LOG";

/// At debug these say ten lines a call, none of them about the plugin.
const QUIET: [&str; 6] = ["h2", "hyper", "hyper_util", "rustls", "tonic", "tower"];

/// Panics are recorded whatever else is.
const PANIC: &str = "panic";

/// The filter, and a warning if the variable makes no sense.
pub(super) fn from_env() -> (Targets, Option<String>) {
    let wanted = std::env::var_os(VARIABLE).unwrap_or_default();
    parse(&wanted.to_string_lossy())
}

/// The filter of a text, and a warning if it makes no sense.
pub(super) fn parse(wanted: &str) -> (Targets, Option<String>) {
    let (asked, warning) = match wanted.parse::<Targets>() {
        Ok(targets) if !wanted.is_empty() => (targets, None),
        Ok(_) => (Targets::new().with_default(LevelFilter::INFO), None),
        Err(error) => (
            Targets::new().with_default(LevelFilter::INFO),
            Some(format!(
                "{VARIABLE}={wanted:?} makes no sense ({error}): write targets and levels such as \
                 `debug` or `info,my_plugin=trace`"
            )),
        ),
    };
    // What is asked for by name comes last, and so wins.
    let quiet = QUIET.map(|target| (target, LevelFilter::WARN));
    let level = asked.default_level().unwrap_or(LevelFilter::INFO);
    let targets = Targets::new()
        .with_default(level)
        .with_target(PANIC, LevelFilter::ERROR)
        .with_targets(quiet)
        .with_targets(&asked);
    (targets, warning)
}

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::*;

    #[test]
    fn info_is_the_default() {
        let (filter, warning) = parse("");
        assert_eq!(warning, None);
        assert!(filter.would_enable("rest", &Level::INFO));
        assert!(!filter.would_enable("rest", &Level::DEBUG));
    }

    #[test]
    fn the_transport_stays_quiet_unless_named() {
        let (filter, _) = parse("debug");
        assert!(filter.would_enable("rest", &Level::DEBUG));
        assert!(!filter.would_enable("h2::codec", &Level::DEBUG));
        let (filter, _) = parse("info,h2=trace");
        assert!(filter.would_enable("h2::codec", &Level::TRACE));
        assert!(!filter.would_enable("rest", &Level::DEBUG));
    }

    #[test]
    fn a_target_alone_leaves_the_rest_at_info_and_panics_recorded() {
        let (filter, _) = parse("rest=debug");
        assert!(filter.would_enable("rest", &Level::DEBUG));
        assert!(filter.would_enable("other", &Level::INFO));
        assert!(!filter.would_enable("other", &Level::DEBUG));
        let (filter, _) = parse("off");
        assert!(!filter.would_enable("rest", &Level::ERROR));
        assert!(filter.would_enable("panic", &Level::ERROR));
    }

    #[test]
    fn nonsense_is_named_and_info_kept() {
        let (filter, warning) = parse("rest=loud");
        assert!(warning.expect("a warning").contains("rest=loud"));
        assert!(filter.would_enable("rest", &Level::INFO));
    }
}
