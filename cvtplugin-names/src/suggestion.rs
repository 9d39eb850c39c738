//! Which known name a misspelt one may stand for.

/// The known name nearest to `name`, if only a typo lies between them.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = plain(name);
    known
        .into_iter()
        .filter_map(|known| Some((typos(&name, &plain(known))?, known)))
        .min_by_key(|&(typos, _)| typos)
        .map(|(_, known)| known)
}

/// The name without what is easily mistaken: `baseURL`, `base-url` and `base_url` are the same.
pub fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// How many typos separate two plain names, if few enough. The first letter is rarely mistaken:
/// `get_config` does not stand for `set_config`. Nor does `now` for `new`: names of up to three
/// letters differ by intent.
fn typos(name: &str, known: &str) -> Option<usize> {
    let allowed = match known.chars().count() {
        0..=3 => 0,
        4..=9 => 1,
        _ => 2,
    };
    let typos = strsim::damerau_levenshtein(name, known);
    (typos <= allowed && name.chars().next() == known.chars().next()).then_some(typos)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn typo_is_recognised() {
        let known = [
            "fetch_schema",
            "on_validation_failed",
            "set_config",
            "health",
            "base_url",
            "timeout_seconds",
        ];
        for (name, meant) in [
            ("fetch_schemas", "fetch_schema"),
            ("FetchShemas", "fetch_schema"),
            ("on_validation_fail", "on_validation_failed"),
            ("set_cofnig", "set_config"),
            ("heath", "health"),
            ("baseURL", "base_url"),
            ("base-ulr", "base_url"),
            ("timeot_second", "timeout_seconds"),
        ] {
            assert_eq!(nearest(name, known), Some(meant), "{name}");
        }
    }

    #[test]
    fn different_name_is_left_alone() {
        let known = ["fetch_schema", "new", "set_config", "health", "token", ""];
        for name in [
            "now",
            "news",
            "get_config",
            "fetch_page",
            "wealth",
            "tkn",
            "time_out_secs",
        ] {
            assert_eq!(nearest(name, known), None, "{name}");
        }
    }
}
