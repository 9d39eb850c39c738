//! What a change of a document means for those who use an endpoint.

use super::field::FieldPath;
use super::request;
use super::response::ResponseChanges;
use super::verdict::{Change, Verdict};
use crate::openapi::{Document, Operation, base_paths};
use crate::store::Endpoint;

/// A document, and the version that it is.
#[derive(Clone, Copy)]
pub(super) struct Versioned<'d> {
    pub(super) version: &'d str,
    pub(super) document: &'d Document,
}

/// The changes that matter to a consumer of `endpoint`.
pub(super) fn changes(old: Versioned<'_>, new: Versioned<'_>, endpoint: &Endpoint) -> Vec<Change> {
    let Endpoint {
        method,
        path,
        used_fields,
    } = endpoint;
    let name = format!("{method} {path}");
    let operations = (
        old.document.operation(method, path),
        new.document.operation(method, path),
    );
    let (before, after) = match operations {
        (Some(before), Some(after)) => (before, after),
        (Some(_), None) => return vec![Change::new(Verdict::Broken, format!("{name} removed"))],
        (None, _) => {
            let what = format!("{} does not have {name}", old.version);
            return vec![Change::new(Verdict::Possibly, what)];
        }
    };
    let mut changes = request::changes(&before, &after);
    changes.extend(moved(old.document, new.document));
    changes.extend(response_changes(old.version, &before, &after, used_fields));
    changes
        .into_iter()
        .map(|change| change.within(&name))
        .collect()
}

fn response_changes(
    old_version: &str,
    before: &Operation<'_>,
    after: &Operation<'_>,
    used_fields: &[String],
) -> Vec<Change> {
    let responses = ResponseChanges::new(before, after);
    let mut changes = responses.for_all();
    let fields: Vec<_> = used_fields
        .iter()
        .filter_map(|it| FieldPath::parse(it))
        .collect();
    if fields.is_empty() && responses.has_body() {
        changes.extend(for_undeclared(&responses));
    }
    for field in &fields {
        let missing = || {
            let what = format!("the responses of {old_version} do not have `{field}`");
            vec![Change::new(Verdict::Possibly, what)]
        };
        changes.extend(responses.for_field(field).unwrap_or_else(missing));
    }
    changes
}

/// What may matter to a consumer that does not declare what it reads.
fn for_undeclared(responses: &ResponseChanges<'_>) -> Vec<Change> {
    let all = responses.for_field(&FieldPath::root()).unwrap_or_default();
    let doubted = all
        .into_iter()
        .map(|change| change.doubted().within("declares no fields"));
    doubted.collect()
}

/// Clients are configured with a base URL, so they may or may not notice.
fn moved(old: &Document, new: &Document) -> Option<Change> {
    let (before, after) = (base_paths(&old.root), base_paths(&new.root));
    let is_moved = !before.iter().all(|base| after.contains(base));
    let what = format!("the base path was {before:?}, is {after:?}");
    is_moved.then(|| Change::new(Verdict::Possibly, what))
}
