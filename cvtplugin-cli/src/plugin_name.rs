//! What CVT lets a plugin be called.

/// What every plugin's binary begins with.
pub(crate) const BINARY_PREFIX: &str = "cvt-plugin-";

/// The longest name.
const MAX_LENGTH: usize = 32;

/// Checks a name.
///
/// # Errors
///
/// CVT's rule, and where possible a name like it that keeps it.
pub(crate) fn check(name: &str) -> Result<(), String> {
    if is_valid(name) {
        return Ok(());
    }
    let like = fixed(name).map(|fixed| format!(", such as `{fixed}`"));
    Err(format!(
        "{name:?} cannot name a plugin: CVT takes a lower-case letter, then up to 31 lower-case \
         letters, digits and hyphens{}",
        like.unwrap_or_default()
    ))
}

fn is_valid(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    name.len() <= MAX_LENGTH
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(allowed)
}

/// The nearest name that is valid.
fn fixed(name: &str) -> Option<String> {
    let name = name.to_ascii_lowercase();
    let words = name.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    let mut fixed = words.join("-");
    let start = fixed.find(|c: char| c.is_ascii_lowercase())?;
    fixed.drain(..start);
    fixed.truncate(MAX_LENGTH);
    Some(fixed.trim_end_matches('-').to_owned())
}

#[cfg(test)]
mod tests {
    use super::{check, fixed, is_valid};

    #[test]
    fn names_follow_cvts_rule() {
        for name in ["a", "rest", "my-plugin-2", "a-", &"a".repeat(32)] {
            assert_eq!(check(name), Ok(()), "{name}");
        }
        for name in ["", "2fast", "-a", "Rest", "a_b", "häme", &"a".repeat(33)] {
            assert!(check(name).is_err(), "{name}");
        }
    }

    #[test]
    fn suggested_names_are_valid() {
        for (name, expected) in [
            ("My Plugin", Some("my-plugin")),
            ("my__plugin", Some("my-plugin")),
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
