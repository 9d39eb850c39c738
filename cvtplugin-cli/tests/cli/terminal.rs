//! Colours, and help.

use crate::support::{Ran, command, plugin, run};

/// The beginning of a colour.
const ESCAPE: char = '\x1b';

/// Calls hello, which logs something, with these variables.
fn call(variables: &[(&str, &str)]) -> Ran {
    let mut command = command();
    command
        .arg("call")
        .arg(plugin("hello"))
        .arg("OnValidationFailed");
    command.envs(variables.iter().copied());
    let ran = Ran::from(command.output().expect("it runs")).succeeded();
    ran.printed(&["hello, errors"])
}

#[test]
fn colours_follow_the_environment() {
    let plain = call(&[]);
    assert!(!plain.stderr.contains(ESCAPE), "{}", plain.stderr);
    let coloured = call(&[("CLICOLOR_FORCE", "1")]);
    assert!(coloured.stderr.contains(ESCAPE), "{}", coloured.stderr);
    assert!(!coloured.stdout.contains(ESCAPE), "{}", coloured.stdout);
    let refused = call(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]);
    assert!(!refused.stderr.contains(ESCAPE), "{}", refused.stderr);
}

#[test]
fn help_has_usage_and_examples() {
    for command in [
        "",
        "new",
        "dev",
        "check",
        "call",
        "bench",
        "doctor",
        "completions",
    ] {
        let arguments = [command, "--help"];
        let arguments = arguments.iter().filter(|word| !word.is_empty());
        let help = run(arguments).succeeded().stdout;
        assert!(help.contains("Examples:\n  "), "{help}");
        assert!(help.contains("Usage: cvt-plugin"), "{help}");
    }
}
