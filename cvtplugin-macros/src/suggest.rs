//! Which known name somebody may have meant.

pub(crate) use cvtplugin_names::nearest;

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
