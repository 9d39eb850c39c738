//! The plugin's name: as written, or that of the binary or crate, and always one that CVT takes.

use std::env;

use super::arguments::Arguments;
use crate::errors::Errors;
use proc_macro2::Span;

const RULE: &str = "a lower-case letter, then up to 31 lower-case letters, digits and hyphens";

/// The plugin's name. A wrong one is reported and used all the same.
pub(crate) fn resolve(arguments: &Arguments, errors: &mut Errors) -> String {
    if let Some(literal) = &arguments.name {
        let name = literal.value();
        if !is_valid(&name) {
            let message = format!(
                "{name:?} cannot name a plugin: CVT takes {RULE}{}",
                suggestion(&name)
            );
            errors.spanning(literal, message);
        }
        return name;
    }
    let name = default_name();
    // What was meant for a name may have been reported already.
    if !is_valid(&name) && arguments.are_sound {
        let message = format!(
            "the plugin would be named `{name}` after its binary or crate, but CVT takes {RULE}: \
             add a `name`{}",
            suggestion(&name)
        );
        errors.at(Span::call_site(), message);
    }
    name
}

/// The binary's name, or in a library the crate's. Cargo rebuilds when either changes, since
/// it is another target then.
fn default_name() -> String {
    let name = env::var("CARGO_BIN_NAME").or_else(|_| env::var("CARGO_PKG_NAME"));
    let name = name.unwrap_or_default();
    match name.strip_prefix("cvt-plugin-") {
        Some(rest) => rest.to_owned(),
        None => name,
    }
}

fn is_valid(name: &str) -> bool {
    name.len() <= 32
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

fn suggestion(name: &str) -> String {
    match fixed(name) {
        Some(fixed) => format!(", as in `name = \"{fixed}\"`"),
        None => String::from(", as in `name = \"rest\"`"),
    }
}

/// The nearest valid name.
fn fixed(name: &str) -> Option<String> {
    let mut fixed = String::new();
    for c in name.chars() {
        let c = c.to_ascii_lowercase();
        if c.is_ascii_lowercase() || (!fixed.is_empty() && c.is_ascii_digit()) {
            fixed.push(c);
        } else if !fixed.is_empty() && !fixed.ends_with('-') && !c.is_ascii_digit() {
            fixed.push('-');
        }
    }
    fixed.truncate(32);
    let fixed = fixed.trim_end_matches('-');
    (!fixed.is_empty()).then(|| fixed.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{fixed, is_valid};

    #[test]
    fn names_that_cvt_takes() {
        for name in ["a", "rest", "my-plugin-2", &"a".repeat(32)] {
            assert!(is_valid(name), "{name}");
        }
        for name in [
            "",
            "2fast",
            "-a",
            "Rest",
            "my_plugin",
            "häme",
            &"a".repeat(33),
        ] {
            assert!(!is_valid(name), "{name}");
        }
    }

    #[test]
    fn a_fixed_name_is_valid() {
        for (name, expected) in [
            ("My Plugin", Some("my-plugin")),
            ("my_plugin", Some("my-plugin")),
            ("2fast", Some("fast")),
            ("häme!", Some("h-me")),
            ("-- a", Some("a")),
            ("42", None),
            ("", None),
        ] {
            assert_eq!(fixed(name).as_deref(), expected, "{name}");
        }
        let long = fixed(&"ab-".repeat(20)).expect("letters are left");
        assert!(is_valid(&long), "{long}");
    }
}
