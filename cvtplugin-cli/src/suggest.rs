//! Suggestions for an unknown name.

use cvtplugin_names::nearest;
pub(crate) use cvtplugin_names::plain;

/// Which of the known names may be meant, or else which there are.
pub(crate) fn advice<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<_> = known.into_iter().collect();
    match nearest(name, known.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None if known.is_empty() => "there are none".to_owned(),
        None => format!("known: {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::advice;

    #[test]
    fn typo_gets_a_suggestion_and_all_else_the_list() {
        let known = ["binary", "timeout", "fetch_schema"];
        for (name, expected) in [
            ("binray", "did you mean `binary`?"),
            ("Time-Out", "did you mean `timeout`?"),
            ("FetchShemas", "did you mean `fetch_schema`?"),
            ("path", "known: binary, timeout, fetch_schema"),
            ("", "known: binary, timeout, fetch_schema"),
        ] {
            assert_eq!(advice(name, known), expected, "{name}");
        }
        assert_eq!(advice("binary", []), "there are none");
    }
}
