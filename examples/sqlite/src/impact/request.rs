//! Compares what two operations take. Consumers do not declare what they send, so whatever is no
//! longer taken counts.

use super::compare::compare;
use super::itself::Direction;
use super::verdict::{Change, Verdict};
use crate::openapi::{Body, Operation, Parameter};

/// The changes of the request that matter to those who send it.
pub(super) fn changes(old: &Operation<'_>, new: &Operation<'_>) -> Vec<Change> {
    let mut changes = parameters(old, new);
    changes.extend(body(
        old.request_body().as_ref(),
        new.request_body().as_ref(),
    ));
    changes.extend(security(&old.security(), &new.security()));
    changes
}

fn parameters(old: &Operation<'_>, new: &Operation<'_>) -> Vec<Change> {
    let (before, after) = (old.parameters(), new.parameters());
    let mut changes = Vec::new();
    for (key, parameter) in &before {
        let place = named(parameter);
        match after.get(key) {
            Some(now) => {
                let found = parameter_changes(parameter, now);
                changes.extend(found.into_iter().map(|change| change.within(&place)));
            }
            None => changes.push(Change::new(Verdict::Broken, format!("{place} removed"))),
        }
    }
    for (key, parameter) in &after {
        if parameter.required && !before.contains_key(key) {
            let what = format!("{} added, and required", named(parameter));
            changes.push(Change::new(Verdict::Broken, what));
        }
    }
    changes
}

fn parameter_changes(old: &Parameter<'_>, new: &Parameter<'_>) -> Vec<Change> {
    let mut changes = compare(Direction::Request, &old.schema, &new.schema, &[]);
    if new.required && !old.required {
        changes.push(Change::new(Verdict::Broken, "has become required"));
    }
    if old.encoding != new.encoding {
        changes.push(Change::new(
            Verdict::Possibly,
            "is written in another style",
        ));
    }
    changes
}

fn named(parameter: &Parameter<'_>) -> String {
    format!("{} parameter `{}`", parameter.location, parameter.name)
}

fn body(old: Option<&Body<'_>>, new: Option<&Body<'_>>) -> Vec<Change> {
    let change = |verdict, what: &str| vec![Change::new(verdict, what)];
    match (old, new) {
        (None, Some(new)) if new.required => {
            change(Verdict::Broken, "request body added, and required")
        }
        (None, _) => Vec::new(),
        (Some(_), None) => change(Verdict::Broken, "request body removed"),
        (Some(old), Some(new)) => body_changes(old, new),
    }
}

fn body_changes(old: &Body<'_>, new: &Body<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    if new.required && !old.required {
        changes.push(Change::new(
            Verdict::Broken,
            "request body has become required",
        ));
    }
    for reference in old.unresolved.iter().chain(&new.unresolved) {
        let what = format!("request body is in another document, `{reference}`");
        changes.push(Change::new(Verdict::Possibly, what));
    }
    for (media, schema) in &old.contents {
        if let Some(now) = new.content(media) {
            let found = compare(Direction::Request, schema, now, &[]);
            changes.extend(
                found
                    .into_iter()
                    .map(|change| change.within("request body")),
            );
        } else {
            let what = format!("request body may no longer be {media}");
            changes.push(Change::new(Verdict::Broken, what));
        }
    }
    // The same schema is often there for several media types.
    changes.sort();
    changes.dedup();
    changes
}

/// A way in that was open has to stay open: with what is presented today, or less.
fn security(old: &[Vec<String>], new: &[Vec<String>]) -> Option<Change> {
    let anonymous = [Vec::new()];
    let old = if old.is_empty() { &anonymous[..] } else { old };
    let new = if new.is_empty() { &anonymous[..] } else { new };
    let still_open = |presented: &Vec<String>| {
        new.iter()
            .any(|asked| asked.iter().all(|it| presented.contains(it)))
    };
    let what = "authentication changed: what was enough may not be";
    (!old.iter().all(still_open)).then(|| Change::new(Verdict::Possibly, what))
}
