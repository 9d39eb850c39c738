//! What to say about an unknown name.

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
    fn a_slip_is_recognised_and_everything_else_gets_the_list() {
        let known = ["binary", "timeout", "fetch_schema"];
        for (name, said) in [
            ("binray", "did you mean `binary`?"),
            ("Time-Out", "did you mean `timeout`?"),
            ("FetchShemas", "did you mean `fetch_schema`?"),
            ("path", "known: binary, timeout, fetch_schema"),
            ("", "known: binary, timeout, fetch_schema"),
        ] {
            assert_eq!(advice(name, known), said, "{name}");
        }
        assert_eq!(advice("binary", []), "there are none");
    }
}
