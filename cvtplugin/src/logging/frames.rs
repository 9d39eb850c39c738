//! Makes a backtrace readable: the frames of the plugin and of its libraries, a line each.

/// What runs every plugin: its frames are the same in each backtrace.
const RUNTIME: [&str; 10] = [
    "alloc",
    "core",
    "cvtplugin",
    "futures_core",
    "futures_util",
    "std",
    "test",
    "tokio",
    "tokio_util",
    "tracing",
];

/// Stands in for frames that have no names.
const NAMELESS: &str = "not available: build the plugin with debug = \"line-tables-only\" and \
                        strip = false in the profile";

/// The frames of a backtrace that are not the runtime's.
pub(super) fn of_plugin(backtrace: &str) -> String {
    let mut frames: Vec<String> = Vec::new();
    let mut is_shown = false;
    for line in backtrace.lines().map(str::trim) {
        if let Some(place) = line.strip_prefix("at ") {
            if let Some(frame) = frames.last_mut().filter(|_| is_shown) {
                frame.push_str(" at ");
                frame.push_str(place);
            }
        } else if let Some((_, name)) = line.split_once(": ") {
            is_shown = is_plugins(name);
            if is_shown {
                frames.push(name.to_owned());
            }
        }
    }
    if frames.is_empty() {
        return NAMELESS.to_owned();
    }
    frames.join("\n")
}

/// Whether a function is the plugin's or one of its libraries'.
fn is_plugins(name: &str) -> bool {
    // `<crate::Type as other::Trait>::function`
    let name = name.trim_start_matches(['<', '&', '*', '(', '[']);
    let name = name.strip_prefix("dyn ").unwrap_or(name);
    // What is in no crate is the system's, or has no name.
    name.split_once("::")
        .is_some_and(|(first, _)| !first.starts_with('_') && !RUNTIME.contains(&first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runtime_frames_are_left_out() {
        let backtrace = "   0: __rustc::rust_begin_unwind
             at /rustc/abc/library/std/src/panicking.rs:689:5
   1: core::panicking::panic_fmt
             at /rustc/abc/library/core/src/panicking.rs:80:14
   2: cvt_plugin_echo::words::run::{{closure}}
             at ./src/words.rs:80:20
   3: <cvt_plugin_echo::Echo as cvtplugin::RegistryProvider>::fetch_schema
             at ./src/main.rs:20:1
   4: <core::pin::Pin<P> as core::future::Future>::poll
   5: <unknown>
   6: start_thread
";
        assert_eq!(
            of_plugin(backtrace),
            "cvt_plugin_echo::words::run::{{closure}} at ./src/words.rs:80:20\n\
             <cvt_plugin_echo::Echo as cvtplugin::RegistryProvider>::fetch_schema at ./src/main.rs:20:1"
        );
    }

    #[test]
    fn backtrace_without_names_says_what_to_do() {
        let backtrace = "   0: <unknown>\n   1: <unknown>\n   2: _start\n";
        assert!(of_plugin(backtrace).contains("line-tables-only"));
    }
}
