//! How much there is to write: the README's figures.

use std::path::Path;

use cvtplugin_testkit::sources::{check_figures, lines_of_code};

#[test]
fn figures_of_the_readme_are_true() {
    assert_eq!(check_figures(Path::new(env!("CARGO_MANIFEST_DIR"))), 3);
}

/// Three quarters of what its Go counterpart takes for it.
#[test]
fn go_plugin_is_short() {
    let lines = lines_of_code(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/main.rs"));
    assert!(lines <= 120, "{lines} lines of code");
}
