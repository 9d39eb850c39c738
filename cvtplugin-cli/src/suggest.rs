//! Suggestions for an unknown name.

/// Which of the known names may be meant, or else which there are.
pub(crate) fn advice<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<_> = known.into_iter().collect();
    match nearest(name, &known) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None if known.is_empty() => "there are none".to_owned(),
        None => format!("known: {}", known.join(", ")),
    }
}

/// The known name nearest to `name`, if it is but a slip or two away.
fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let name = plain(name);
    let allowed = if name.len() < 8 { 1 } else { 3 };
    known
        .iter()
        .map(|known| (strsim::damerau_levenshtein(&name, &plain(known)), *known))
        .filter(|&(slips, _)| slips <= allowed)
        .min_by_key(|&(slips, _)| slips)
        .map(|(_, known)| known)
}

/// The name without what is easily forgotten: `fetchSchema` matches `fetch_schema`.
pub(crate) fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
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
