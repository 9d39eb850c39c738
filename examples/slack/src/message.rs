//! What an alert says.

use std::fmt::Write as _;

use cvtplugin::prelude::*;

use crate::markup::{MAX_DESCRIPTION, MAX_NAME, code, escape, list};

pub(crate) fn breaking_change(event: &BreakingChangeDetectedRequest) -> String {
    let schema = code(&event.schema_id);
    let old = escape(&event.old_version, MAX_NAME);
    let new = escape(&event.new_version, MAX_NAME);
    let header = format!(":warning: Breaking changes in {schema}: {old} → {new}");
    let lines = event.changes.iter().map(|change| {
        let place = endpoint(&change.method, &change.path);
        bullet(&change.kind, &place, &change.description)
    });
    list(header, lines)
}

pub(crate) fn validation_failure(event: &ValidationFailedRequest) -> String {
    let schema = code(&event.schema_id);
    let place = endpoint(&event.method, &event.path);
    let header = format!(":x: Validation failed: {schema} {place}");
    let lines = event.errors.iter().map(|error| {
        let field = code(&error.field_path);
        bullet(&error.kind, &field, &error.description)
    });
    list(header.trim_end().to_owned(), lines)
}

/// Mentions the repeats of an alert that were not posted.
pub(crate) fn with_suppressed(mut text: String, repeats: u32) -> String {
    if repeats > 0 {
        let alerts = if repeats == 1 { "repeat" } else { "repeats" };
        let _ = write!(text, "\n_{repeats} {alerts} of the last alert suppressed._");
    }
    text
}

fn bullet(kind: &str, place: &str, description: &str) -> String {
    let kind = escape(kind, MAX_NAME).replace('*', "");
    let kind = if kind.is_empty() {
        kind
    } else {
        format!("*{kind}*")
    };
    let description = escape(description, MAX_DESCRIPTION);
    let parts = [kind.as_str(), place, &description];
    let parts = parts.into_iter().filter(|part| !part.is_empty());
    format!("• {}", parts.collect::<Vec<_>>().join(" "))
}

fn endpoint(method: &str, path: &str) -> String {
    code(format!("{method} {path}").trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(kind: &str, path: &str, description: &str) -> BreakingChange {
        let method = if path.is_empty() { "" } else { "GET" };
        BreakingChange::new(kind, description)
            .method(method)
            .path(path)
    }

    #[test]
    fn breaking_change_lists_every_change() {
        let event = BreakingChangeDetectedRequest::new("pets", "1.0.0", "2.0.0").changes([
            change("REMOVED_ENDPOINT", "/pets/{id}", "endpoint removed"),
            change("REMOVED_FIELD", "", "field removed"),
            change("", "/", ""),
        ]);
        assert_eq!(
            breaking_change(&event),
            ":warning: Breaking changes in `pets`: 1.0.0 → 2.0.0\n\
             • *REMOVED_ENDPOINT* `GET /pets/{id}` endpoint removed\n\
             • *REMOVED_FIELD* field removed\n\
             • `GET /`"
        );
    }

    #[test]
    fn validation_failure_lists_every_error() {
        let event = ValidationFailedRequest::new("pets", "GET", "/pets/7").errors([
            ValidationError::new("type", "not a string").field_path("$.name"),
            ValidationError::new("", "too short"),
        ]);
        assert_eq!(
            validation_failure(&event),
            ":x: Validation failed: `pets` `GET /pets/7`\n\
             • *type* `$.name` not a string\n\
             • too short"
        );
    }

    #[test]
    fn endpoint_is_left_out_where_there_is_none() {
        let event = ValidationFailedRequest::new("pets", "", "");
        assert_eq!(validation_failure(&event), ":x: Validation failed: `pets`");
    }

    #[test]
    fn markup_of_others_is_escaped() {
        let event = ValidationFailedRequest::new("a`b", "GET", "/<!channel>")
            .errors([ValidationError::new("k*i", "<@U1> & co\n• *forged* line")]);
        assert_eq!(
            validation_failure(&event),
            ":x: Validation failed: `a'b` `GET /&lt;!channel&gt;`\n\
             • *ki* &lt;@U1&gt; &amp; co • *forged* line"
        );
    }

    #[test]
    fn text_is_within_the_limit_and_says_what_is_left_out() {
        for length in [10, 500, 100_000] {
            let description = "&".repeat(length);
            let changes = vec![change("KIND", "/pets", &description); 5_000];
            let event = BreakingChangeDetectedRequest::new("pets", "1", "2").changes(changes);
            let text = with_suppressed(breaking_change(&event), u32::MAX);
            assert!(text.chars().count() <= 40_000);
            let shown = text.matches("• ").count();
            assert!(shown > 0);
            let left_out = format!("_… and {} more, left out here._", 5_000 - shown);
            assert!(text.contains(&left_out), "{shown}");
        }
    }

    #[test]
    fn names_are_cut_as_well() {
        let long = "x".repeat(100_000);
        let event = BreakingChangeDetectedRequest::new(&*long, &*long, &*long)
            .changes([change(&long, &long, &long)]);
        let text = breaking_change(&event);
        assert!(text.chars().count() < 5_000);
        assert!(text.contains("x…"));
    }
}
