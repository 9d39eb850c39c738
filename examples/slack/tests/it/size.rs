//! How much there is to write: the README's figures.

use std::path::Path;

use cvtplugin_testkit::sources::check_figures;

#[test]
fn figures_of_the_readme_are_true() {
    assert_eq!(check_figures(Path::new(env!("CARGO_MANIFEST_DIR"))), 8);
}
