//! `${VAR}` and `${VAR:-default}` in the values of a plugin's config, as CVT expands them.

/// Puts the values of variables into `value`.
///
/// A variable that is unset or empty takes the default. What comes in is not looked at again,
/// and there is no way to escape: `$VAR`, `$$` and a lone `}` stay as they are.
///
/// # Errors
///
/// For a `${` without its `}`, and for a variable without value and default. Neither shows the
/// value, which may be a secret.
pub(super) fn expand(
    value: &str,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<String, String> {
    let mut expanded = String::new();
    let mut rest = value;
    while let Some((before, after)) = rest.split_once("${") {
        let (inside, after) = after
            .split_once('}')
            .ok_or("unterminated ${ in value: close it with }")?;
        expanded.push_str(before);
        expanded.push_str(&resolve(inside, variable)?);
        rest = after;
    }
    expanded.push_str(rest);
    Ok(expanded)
}

fn resolve(inside: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<String, String> {
    let (name, default) = match inside.split_once(":-") {
        Some((name, default)) => (name, Some(default)),
        None => (inside, None),
    };
    let value = variable(name).filter(|value| !value.is_empty());
    let value = value.or_else(|| default.map(str::to_owned));
    value.ok_or_else(|| missing(name))
}

fn missing(name: &str) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let word: String = name.chars().take_while(|c| is_word(*c)).collect();
    if !name.is_empty() && word == name {
        return format!("env var {name:?} unset and no default: set it, or write ${{{name}:-}}");
    }
    // What follows the word may be meant for a default, and a secret.
    format!(
        "what stands in ${{{word}..}} is taken for the name of a variable as a whole, and there \
         is none: CVT knows ${{NAME}} and ${{NAME:-default}}"
    )
}

#[cfg(test)]
mod tests {
    use super::expand;

    fn variable(name: &str) -> Option<String> {
        let value = match name {
            "A" => "apple",
            "B" => "${A}",
            "EMPTY" => "",
            "ODD-NAME" => "odd",
            " A" => "with a space",
            _ => return None,
        };
        Some(value.to_owned())
    }

    #[test]
    fn variables_are_expanded() {
        for (value, expected) in [
            ("", ""),
            ("plain", "plain"),
            ("${A}", "apple"),
            ("x${A}y${A}z", "xappleyapplez"),
            // Not scanned again.
            ("${B}", "${A}"),
            // Unset or empty takes the default, which is literal.
            ("${NONE:-pear}", "pear"),
            ("${EMPTY:-pear}", "pear"),
            ("${A:-pear}", "apple"),
            ("${NONE:-}", ""),
            ("${EMPTY:-}", ""),
            ("${NONE:-a:-b}", "a:-b"),
            ("${NONE:-$A}", "$A"),
            ("${NONE:- x }", " x "),
            // No nesting: the first } ends it.
            ("${NONE:-${A}}", "${A}"),
            // The first :- splits, even if nothing is before it.
            ("${:-x}", "x"),
            // Neither checked nor trimmed.
            ("${ODD-NAME}", "odd"),
            ("${ A}", "with a space"),
            // Literal.
            ("$A", "$A"),
            ("$$", "$$"),
            ("$${A}", "$apple"),
            ("}", "}"),
            ("{A}", "{A}"),
            ("\\${A}", "\\apple"),
            ("$", "$"),
            ("ä${A}ö", "äappleö"),
        ] {
            assert_eq!(expand(value, &variable).as_deref(), Ok(expected), "{value}");
        }
    }

    #[test]
    fn invalid_variables_are_refused() {
        for (value, part) in [
            ("${", "unterminated ${ in value"),
            ("a${A", "unterminated ${ in value"),
            ("${A} ${", "unterminated ${ in value"),
            ("${NONE}", r#"env var "NONE" unset and no default"#),
            ("${EMPTY}", r#"env var "EMPTY" unset and no default"#),
            ("${}", "${..}"),
            ("${NONE-x}", "${NONE..}"),
            ("${NONE:=x}", "${NONE..}"),
            ("${NONE:?x}", "${NONE..}"),
            ("${ NONE}", "${..}"),
        ] {
            let error = expand(value, &variable).expect_err(value);
            assert!(error.contains(part), "{value}: {error}");
        }
    }

    #[test]
    fn errors_do_not_show_secrets() {
        for value in [
            "hunter2${",
            "hunter2${NONE}",
            "${NONE-hunter2}",
            "${NONE:=hunter2}",
        ] {
            let error = expand(value, &variable).expect_err(value);
            assert!(!error.contains("hunter2"), "{value}: {error}");
        }
    }
}
