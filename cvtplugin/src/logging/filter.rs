//! Which events reach the host: info and above, or what `CVT_PLUGIN_LOG` says.

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;

/// Targets and levels, as in `RUST_LOG`: `debug`, `info,my_plugin=trace`.
const VARIABLE: &str = "CVT_PLUGIN_LOG";

/// At debug these say ten lines a call, none of them about the plugin.
const QUIET: [&str; 6] = ["h2", "hyper", "hyper_util", "rustls", "tonic", "tower"];

/// Panics are recorded whatever else is.
const PANIC: &str = "panic";

/// The filter of the plugin `name`, and a warning if the variable has words that make no sense.
pub(super) fn from_env(name: &str) -> (Targets, Option<String>) {
    let wanted = std::env::var_os(VARIABLE).unwrap_or_default();
    parse(&wanted.to_string_lossy(), name)
}

/// The filter of a text, and a warning if it has words that make no sense.
pub(super) fn parse(wanted: &str, name: &str) -> (Targets, Option<String>) {
    let mut asked = Targets::new();
    let mut rejected = Vec::new();
    let words = wanted.split(',').map(str::trim);
    for word in words.filter(|word| !word.is_empty()) {
        match directive(word, name) {
            Ok(directive) => {
                let level = directive.default_level().or(asked.default_level());
                asked = asked.with_targets(&directive);
                asked = level.into_iter().fold(asked, Targets::with_default);
            }
            Err(()) => rejected.push(format!("{word:?}")),
        }
    }
    // What is asked for by name comes last, and so wins.
    let quiet = QUIET.map(|target| (target, LevelFilter::WARN));
    let level = asked.default_level().unwrap_or(LevelFilter::INFO);
    let targets = Targets::new()
        .with_default(level)
        .with_target(PANIC, LevelFilter::ERROR)
        .with_targets(quiet)
        .with_targets(&asked);
    let warning = format!(
        "invalid value in {VARIABLE}: {}: expected a level (off, error, warn, info, debug, trace), \
         or a target and its level, such as `{name}=debug`",
        rejected.join(", ")
    );
    (targets, Some(warning).filter(|_| !rejected.is_empty()))
}

/// Reads one directive: a level, a target and its level, or the plugin's name, which stands for all
/// that the plugin's own code logs.
fn directive(word: &str, name: &str) -> Result<Targets, ()> {
    let (target, level) = word.split_once('=').unwrap_or((word, ""));
    if target == name {
        let level = match level {
            "" => LevelFilter::TRACE,
            level => level.parse().map_err(drop)?,
        };
        return Ok(own_targets(name)
            .map(|target| (target, level))
            .into_iter()
            .collect());
    }
    // Any other word is a target to `tracing`, and all of that target: `warning` would be nothing.
    if word.contains('=') || word.parse::<LevelFilter>().is_ok() {
        word.parse().map_err(drop)
    } else {
        Err(())
    }
}

/// The targets of the plugin's own code: its crate is named like its binary, or like itself.
fn own_targets(name: &str) -> [String; 3] {
    let of_crate = name.replace('-', "_");
    let prefixed = format!("cvt_plugin_{of_crate}");
    let binary = binary().map_or_else(|| prefixed.clone(), |binary| binary.replace('-', "_"));
    [of_crate, binary, prefixed]
}

/// The name of the plugin where it is not known yet.
pub(super) fn name_of_binary() -> String {
    let binary = binary().unwrap_or_default();
    binary
        .strip_prefix("cvt-plugin-")
        .unwrap_or(&binary)
        .to_owned()
}

fn binary() -> Option<String> {
    let path = std::env::current_exe().ok()?;
    Some(path.file_stem()?.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::*;

    fn filter(wanted: &str) -> Targets {
        let (filter, warning) = parse(wanted, "rest-api");
        assert_eq!(warning, None);
        filter
    }

    #[test]
    fn info_is_the_default() {
        let filter = filter("");
        assert!(filter.would_enable("rest", &Level::INFO));
        assert!(!filter.would_enable("rest", &Level::DEBUG));
    }

    #[test]
    fn transport_is_quiet_unless_named() {
        let quiet = filter("debug");
        assert!(quiet.would_enable("rest", &Level::DEBUG));
        assert!(!quiet.would_enable("h2::codec", &Level::DEBUG));
        let named = filter("info, h2=trace");
        assert!(named.would_enable("h2::codec", &Level::TRACE));
        assert!(!named.would_enable("rest", &Level::DEBUG));
    }

    #[test]
    fn target_alone_leaves_the_rest_at_info_and_panics_recorded() {
        let target = filter("rest=debug");
        assert!(target.would_enable("rest", &Level::DEBUG));
        assert!(target.would_enable("other", &Level::INFO));
        assert!(!target.would_enable("other", &Level::DEBUG));
        let off = filter("off");
        assert!(!off.would_enable("rest", &Level::ERROR));
        assert!(off.would_enable("panic", &Level::ERROR));
    }

    #[test]
    fn plugin_name_stands_for_its_own_code() {
        for wanted in ["rest-api=debug", "rest-api", "warn,rest-api=debug"] {
            let filter = filter(wanted);
            for target in [
                "rest_api",
                "rest_api::client",
                "cvt_plugin_rest_api::client",
            ] {
                assert!(
                    filter.would_enable(target, &Level::DEBUG),
                    "{wanted}: {target}"
                );
            }
            assert!(!filter.would_enable("reqwest", &Level::DEBUG), "{wanted}");
        }
    }

    #[test]
    fn invalid_directive_is_explained_and_the_rest_kept() {
        for nonsense in [
            "warning",
            "none",
            "rest=loud",
            "rest-api=loud",
            "rest",
            "a=b=c",
        ] {
            let (filter, warning) = parse(&format!("{nonsense},h2=trace"), "rest-api");
            let warning = warning.expect("a warning");
            assert!(
                warning.contains(&format!("{nonsense:?}: expected")),
                "{warning}"
            );
            assert!(filter.would_enable("rest", &Level::INFO));
            assert!(!filter.would_enable("rest", &Level::DEBUG));
            assert!(filter.would_enable("h2", &Level::TRACE));
        }
    }
}
