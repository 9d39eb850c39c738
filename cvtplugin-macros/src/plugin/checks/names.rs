//! Is each method called what CVT calls it?

use crate::errors::{Errors, join_quoted};
use crate::plugin::block::Method;
use crate::plugin::role::Role;
use crate::rpcs::{RPCS, Service};
use crate::suggest::{is_made_of, nearest};

/// What to do about a method whose name is CVT's by chance.
pub(super) const KEEP: &str = "if it is a method of your own, mark it `#[cvt_plugin(ignore)]`";

/// Reports names that nobody would call: CVT takes a missing method for an opt-out, so a slip
/// would go unnoticed for ever. Whether one of them means `new`.
pub(super) fn check(methods: &[Method], errors: &mut Errors) -> bool {
    let mut means_new = false;
    for method in methods.iter().filter(|method| !method.ignored) {
        let name = method.plain_name();
        let is_there = |meant: &str| methods.iter().any(|it| it.plain_name() == meant);
        if Role::by_name(&name).is_none()
            && let Some(trouble) = trouble_with(&name, is_there)
        {
            errors.spanning(&method.name, format!("{trouble}\n{KEEP}"));
            means_new |= meant(&name) == Some("new");
        }
    }
    means_new
}

/// What is wrong with a name that CVT does not know, if it looks like one that CVT knows. Beside that
/// one it is a helper's.
fn trouble_with(name: &str, is_there: impl Fn(&str) -> bool) -> Option<String> {
    if let Some(meant) = meant(name) {
        return (!is_there(meant))
            .then(|| format!("CVT never calls `{name}`: did you mean `{meant}`?"));
    }
    name.starts_with("on_").then(|| {
        let events: Vec<_> = Service::Events.rpcs().map(|rpc| rpc.method).collect();
        let events = join_quoted(&events);
        format!("CVT has no event `{name}`; its events are {events}")
    })
}

/// The known name that somebody may have meant: one that is but a slip away, begins like it, or
/// has more words.
fn meant(name: &str) -> Option<&'static str> {
    let is_event = name.starts_with("on_");
    let begins = || Role::names().find(|known| is_event && known.starts_with(name));
    let mut methods = RPCS.iter().map(|rpc| rpc.method);
    nearest(name, Role::names())
        .or_else(begins)
        .or_else(|| methods.find(|method| is_made_of(name, method)))
}

#[cfg(test)]
mod tests {
    use super::meant;

    #[test]
    fn names_of_the_same_words_are_recognized() {
        for (name, expected) in [
            ("validation_failed", "on_validation_failed"),
            ("validation_failure", "on_validation_failed"),
            ("validationFailed", "on_validation_failed"),
            ("handle_validation_failed", "on_validation_failed"),
            ("on_validations_failed", "on_validation_failed"),
            ("breaking_change_detected", "on_breaking_change_detected"),
            ("breaking_changes_detected", "on_breaking_change_detected"),
            ("breaking_change", "on_breaking_change_detected"),
            ("onBreakingChange", "on_breaking_change_detected"),
            ("register_consumer", "register_consumer_usage"),
            ("register_consumers", "register_consumer_usage"),
            ("register_usage", "register_consumer_usage"),
            ("registerUsage", "register_consumer_usage"),
            ("fetchSchemas", "fetch_schema"),
        ] {
            assert_eq!(meant(name), Some(expected), "{name}");
        }
    }

    #[test]
    fn names_of_other_words_are_left_alone() {
        for name in [
            "validation",
            "register",
            "fetch",
            "failed",
            "fetch_page",
            "get_schema",
            "usage",
            "register_client",
            "breaking_news",
            "is_breaking_change",
            "now",
            "validate",
        ] {
            assert_eq!(meant(name), None, "{name}");
        }
    }
}
