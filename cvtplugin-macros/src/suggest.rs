//! Which known name somebody may have meant.

/// The known name nearest to `name`, if it is but a slip away.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = plain(name);
    known
        .into_iter()
        .filter_map(|known| Some((slips(&plain, known)?, known)))
        .min_by_key(|&(slips, _)| slips)
        .map(|(_, known)| known)
}

/// How many slips separate two names, if few enough for a typo. Slips at the first letter are
/// rare, and `get_config` is not meant to be `set_config`; three letters and a slip are another
/// word, as `now` is beside `new`.
fn slips(name: &str, known: &str) -> Option<usize> {
    let known = plain(known);
    let allowed = match known.len() {
        0..=3 => 0,
        4..=9 => 1,
        _ => 2,
    };
    let slips = strsim::damerau_levenshtein(name, &known);
    (slips <= allowed && name.chars().next() == known.chars().next()).then_some(slips)
}

/// The name without what is easily forgotten: `fetchSchema` means `fetch_schema` too.
fn plain(name: &str) -> String {
    name.chars()
        .filter(|&c| c != '_')
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether a name consists of words of the known one, two at least and the first among them:
/// `register_usage` of `register_consumer_usage`, or `validation_failed` of `on_validation_failed`.
pub(crate) fn is_made_of(name: &str, known: &str) -> bool {
    let (name, known) = (words(name), words(known));
    let mut left = known.iter();
    name.len() >= 2
        && known
            .first()
            .zip(name.first())
            .is_some_and(|(known, own)| same(own, known))
        && name.iter().all(|own| left.any(|known| same(own, known)))
}

/// The words of a name, without what says no more than that it is a handler.
fn words(name: &str) -> Vec<String> {
    let mut spaced = String::new();
    for c in name.chars() {
        if c == '_' || c.is_uppercase() {
            spaced.push(' ');
        }
        if c != '_' {
            spaced.extend(c.to_lowercase());
        }
    }
    let words = spaced.split_whitespace().map(str::to_owned);
    words
        .filter(|word| word != "on" && word != "handle")
        .collect()
}

/// Whether two words differ in their form at most.
fn same(word: &str, known: &str) -> bool {
    let stem = |word: &str| {
        let endings = ["ures", "ure", "ing", "ed", "s"];
        let stem = endings.iter().find_map(|ending| word.strip_suffix(ending));
        stem.unwrap_or(word).to_owned()
    };
    word == known || stem(word) == stem(known)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_is_recognised() {
        let known = [
            "fetch_schema",
            "on_validation_failed",
            "set_config",
            "health",
        ];
        for (name, meant) in [
            ("fetch_schemas", "fetch_schema"),
            ("fetchSchema", "fetch_schema"),
            ("on_validation_fail", "on_validation_failed"),
            ("set_cofnig", "set_config"),
            ("heath", "health"),
        ] {
            assert_eq!(nearest(name, known), Some(meant), "{name}");
        }
    }

    #[test]
    fn another_name_is_left_alone() {
        let known = ["fetch_schema", "new", "set_config", "health", "shutdown"];
        for name in [
            "now",
            "net",
            "news",
            "get_config",
            "fetch_page",
            "client",
            "wealth",
            "post",
            "schema",
        ] {
            assert_eq!(nearest(name, known), None, "{name}");
        }
    }
}
