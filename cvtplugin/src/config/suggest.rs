//! What to do about an unknown key.

use cvtplugin_names::nearest;

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
