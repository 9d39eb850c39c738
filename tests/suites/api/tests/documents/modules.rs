//! Each public module of cvtplugin begins with an example.

use crate::{module, read};

#[test]
fn public_modules_have_an_example() {
    let library = read("cvtplugin/src/lib.rs");
    let modules = public_modules(&library);
    assert!(modules.contains(&"pb"), "{modules:?}");
    for name in modules {
        let text = module(name);
        assert!(text.contains("\n//! ```"), "{name}: no example");
    }
}

/// The names in declarations such as `pub mod host;`, those without documentation apart.
fn public_modules(library: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut is_hidden = false;
    for line in library.lines() {
        if let Some(name) = line.strip_prefix("pub mod ")
            && !is_hidden
        {
            names.extend(name.strip_suffix(';'));
        }
        is_hidden = line == "#[doc(hidden)]";
    }
    names
}
