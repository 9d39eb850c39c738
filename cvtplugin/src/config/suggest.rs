//! What to do about an unknown key.

use super::ConfigKey;

/// Which key may be meant, or else which there are.
pub(super) fn advice(key: &str, keys: &[ConfigKey]) -> String {
    if let Some(meant) = nearest(key, keys.iter().map(|key| key.name)) {
        return format!("did you mean `{meant}`?");
    }
    let names: Vec<_> = keys.iter().map(|key| format!("`{}`", key.name)).collect();
    match names.as_slice() {
        [] => "this plugin takes no config".into(),
        [only] => format!("this plugin takes {only}"),
        [rest @ .., last] => format!("this plugin takes {} and {last}", rest.join(", ")),
    }
}

/// The name nearest to `key`, if it is but a slip or two away.
fn nearest<'a>(key: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let key = plain(key);
    let allowed = if key.len() < 8 { 1 } else { 2 };
    names
        .map(|name| (strsim::damerau_levenshtein(&key, &plain(name)), name))
        .filter(|&(slips, _)| slips <= allowed)
        .min_by_key(|&(slips, _)| slips)
        .map(|(_, name)| name)
}

/// The key without what is easily forgotten: `baseURL` is as good as `base_url`.
fn plain(key: &str) -> String {
    key.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_is_recognised() {
        let names = ["base_url", "token", "timeout_seconds"];
        for (key, meant) in [
            ("baseURL", Some("base_url")),
            ("base-ulr", Some("base_url")),
            ("tokens", Some("token")),
            ("time_out_secs", None),
            ("timeot_second", Some("timeout_seconds")),
            ("tkn", None),
            ("broken", None),
            ("", None),
        ] {
            assert_eq!(nearest(key, names.into_iter()), meant, "{key}");
        }
    }
}
