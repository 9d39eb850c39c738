//! `cvt-plugin completions`.

use crate::support::run;

#[test]
fn completions_have_commands_and_options_for_every_shell() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = run(["completions", shell]).succeeded().stdout;
        for word in ["cvt-plugin", "call", "check", "config-file", "registry"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
}
