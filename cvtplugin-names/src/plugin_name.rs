//! The names that CVT accepts for a plugin.

use std::fmt;

/// What the file name of every plugin's binary begins with.
pub const BINARY_PREFIX: &str = "cvt-plugin-";

/// CVT's rule in words.
const RULE: &str = "a lower-case letter, then up to 31 lower-case letters, digits and hyphens";

/// The longest name, in bytes.
const MAX_LENGTH: usize = 32;

/// The name of the plugin whose binary is called `binary`.
pub fn without_prefix(binary: &str) -> &str {
    binary.strip_prefix(BINARY_PREFIX).unwrap_or(binary)
}

/// Checks a plugin's name by CVT's rule, `^[a-z][a-z0-9-]{0,31}$`.
///
/// # Errors
///
/// The rule, and a valid name like this one.
pub fn check(name: &str) -> Result<(), InvalidName> {
    if is_valid(name) {
        return Ok(());
    }
    Err(InvalidName {
        name: name.to_owned(),
        expected: RULE,
    })
}

/// Checks the name that a plugin gives itself: by CVT's rule, and without the prefix of its binary,
/// which CVT leaves out of the name when it installs one.
///
/// # Errors
///
/// What is expected, and a valid name like this one.
pub fn check_own(name: &str) -> Result<(), InvalidName> {
    check(name)?;
    if !name.starts_with(BINARY_PREFIX) {
        return Ok(());
    }
    Err(InvalidName {
        name: name.to_owned(),
        expected: "a name without the `cvt-plugin-` of its binary",
    })
}

/// A name that CVT does not accept for a plugin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidName {
    name: String,
    expected: &'static str,
}

impl InvalidName {
    /// What a name has to be.
    pub fn expected(&self) -> &'static str {
        self.expected
    }

    /// The valid name that is most like this one, if any of it can be kept.
    pub fn suggestion(&self) -> Option<String> {
        let name = self.name.to_ascii_lowercase();
        let words = without_prefix(&name).split(|c: char| !c.is_ascii_alphanumeric());
        let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
        let mut fixed = words.join("-");
        let start = fixed.find(|c: char| c.is_ascii_lowercase())?;
        fixed.drain(..start);
        fixed.truncate(MAX_LENGTH);
        Some(fixed.trim_end_matches('-').to_owned())
    }
}

impl fmt::Display for InvalidName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid plugin name {:?}: expected ", self.name)?;
        f.write_str(self.expected)?;
        match self.suggestion() {
            Some(like) => write!(f, ", such as {like:?}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for InvalidName {}

fn is_valid(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    name.len() <= MAX_LENGTH
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::{check, check_own, without_prefix};

    #[test]
    fn valid_names_pass() {
        for name in ["a", "rest", "my-plugin-2", "a-", &"a".repeat(32)] {
            assert_eq!(check(name), Ok(()), "{name}");
        }
    }

    #[test]
    fn invalid_names_fail_with_a_valid_suggestion() {
        let long = "ab-".repeat(20);
        for (name, expected) in [
            ("My Plugin", Some("my-plugin")),
            ("my__plugin", Some("my-plugin")),
            ("2fast", Some("fast")),
            ("häme!", Some("h-me")),
            ("-- a", Some("a")),
            ("42", None),
            ("", None),
            (&long, Some(&long[..32])),
        ] {
            let invalid = check(name).expect_err(name);
            let suggestion = invalid.suggestion();
            assert_eq!(suggestion.as_deref(), expected, "{name}");
            assert_eq!(suggestion.map_or(Ok(()), |name| check(&name)), Ok(()));
        }
    }

    #[test]
    fn message_says_what_is_expected() {
        let invalid = check("Rest").expect_err("a capital letter");
        assert_eq!(
            invalid.to_string(),
            "invalid plugin name \"Rest\": expected a lower-case letter, then up to 31 lower-case \
             letters, digits and hyphens, such as \"rest\""
        );
    }

    #[test]
    fn prefix_of_a_binary_is_not_part_of_the_name() {
        assert_eq!(without_prefix("cvt-plugin-rest"), "rest");
        assert_eq!(without_prefix("rest"), "rest");
        assert_eq!(check("cvt-plugin-rest"), Ok(()), "CVT's config may have it");
        for (name, expected) in [
            ("cvt-plugin-rest", Some("rest")),
            ("cvt-plugin-2fast", Some("fast")),
            ("cvt-plugin-", None),
        ] {
            let invalid = check_own(name).expect_err(name);
            assert_eq!(invalid.suggestion().as_deref(), expected, "{name}");
        }
        assert_eq!(check_own("cvt-plugin"), Ok(()));
    }
}
