//! `cvt-plugin completions`.

use crate::support::run;

#[test]
fn every_shell_learns_the_commands_and_their_options() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = run(["completions", shell]).succeeded().stdout;
        for word in ["cvt-plugin", "call", "check", "config-file", "registry"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
}
