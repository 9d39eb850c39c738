//! Compares what two operations respond, as far as a consumer reads it.

use std::collections::BTreeMap;

use super::compare::compare;
use super::field::FieldPath;
use super::itself::Direction;
use super::step::has_field;
use super::verdict::{Change, Verdict};
use crate::openapi::{Body, Operation, Schema};

type Responses<'d> = BTreeMap<String, Body<'d>>;

/// The responses of an operation before and after.
pub(super) struct ResponseChanges<'d> {
    before: Responses<'d>,
    after: Responses<'d>,
}

impl<'d> ResponseChanges<'d> {
    pub(super) fn new(old: &Operation<'d>, new: &Operation<'d>) -> Self {
        Self {
            before: old.responses(),
            after: new.responses(),
        }
    }

    /// The changes that matter to everybody, whatever they read.
    pub(super) fn for_all(&self) -> Vec<Change> {
        let mut changes = Vec::new();
        for (status, before) in self.successes() {
            let Some(after) = self.counterpart(status) else {
                let what = format!("response {status} removed");
                changes.push(Change::new(Verdict::Broken, what));
                continue;
            };
            for reference in before.unresolved.iter().chain(&after.unresolved) {
                let what = format!("response {status} is in another document, `{reference}`");
                changes.push(Change::new(Verdict::Possibly, what));
            }
            for media in before
                .contents
                .keys()
                .filter(|it| after.content(it).is_none())
            {
                // Those who read fields read JSON.
                let verdict = if is_json(media) {
                    Verdict::Broken
                } else {
                    Verdict::Possibly
                };
                let what = format!("response {status} is no longer {media}");
                changes.push(Change::new(verdict, what));
            }
        }
        let is_new = |status: &&String| is_success(status) && self.before_of(status).is_none();
        changes.extend(
            self.after
                .keys()
                .filter(is_new)
                .map(|status| Change::new(Verdict::Possibly, format!("response {status} added"))),
        );
        changes
    }

    /// Whether there is anything to read in a successful response.
    pub(super) fn has_body(&self) -> bool {
        self.successes()
            .any(|(_, response)| !response.contents.is_empty())
    }

    /// The changes that matter to those who read a field; `None` if there is no such field.
    pub(super) fn for_field(&self, field: &FieldPath) -> Option<Vec<Change>> {
        let path = field.segments();
        let of = |responses: Vec<(&'_ String, &'_ Body<'d>)>| {
            let mut found = None;
            for (status, before) in responses {
                for (media, schema) in readable(before).filter(|(_, it)| has_field(it, path)) {
                    let changes: &mut Vec<_> = found.get_or_insert_default();
                    changes.extend(self.compare(status, media, schema, path));
                }
            }
            found
        };
        // Some read errors.
        let failures = || {
            self.before
                .iter()
                .filter(|(status, _)| !self.is_read(status))
        };
        of(self.successes().collect()).or_else(|| of(failures().collect()))
    }

    fn compare(
        &self,
        status: &str,
        media: &str,
        before: &Schema<'d>,
        path: &[String],
    ) -> Vec<Change> {
        let after = self.counterpart(status).and_then(|it| it.content(media));
        let changes = match after {
            Some(after) => compare(Direction::Response, before, after, path),
            // Said of the response as a whole.
            None => Vec::new(),
        };
        let place = format!("response {status}");
        changes
            .into_iter()
            .map(|change| change.within(&place))
            .collect()
    }

    fn successes(&self) -> impl Iterator<Item = (&String, &Body<'d>)> {
        self.before
            .iter()
            .filter(|(status, _)| self.is_read(status))
    }

    /// Without a success, the default stands for it.
    fn is_read(&self, status: &str) -> bool {
        is_success(status) || status == "default" && !self.before.keys().any(|it| is_success(it))
    }

    /// What a response has become.
    fn counterpart(&self, status: &str) -> Option<&Body<'d>> {
        response_of(&self.after, status)
    }

    fn before_of(&self, status: &str) -> Option<&Body<'d>> {
        response_of(&self.before, status)
    }
}

/// The response for a status: its own, or that of its range, or the default.
fn response_of<'r, 'd>(responses: &'r Responses<'d>, status: &str) -> Option<&'r Body<'d>> {
    let range = status
        .get(..1)
        .map(|class| format!("{class}XX"))
        .unwrap_or_default();
    let mut names = [status, range.as_str(), "default"].into_iter();
    names.find_map(|name| responses.get(name))
}

fn is_success(status: &str) -> bool {
    status.starts_with('2')
}

fn is_json(media: &str) -> bool {
    media.ends_with("json") || media.contains('*')
}

/// The bodies that have fields: those in JSON, or all if none is.
fn readable<'b, 'd>(body: &'b Body<'d>) -> impl Iterator<Item = (&'b str, &'b Schema<'d>)> {
    let any_json = body.contents.keys().any(|media| is_json(media));
    let readable = body
        .contents
        .iter()
        .filter(move |(media, _)| !any_json || is_json(media));
    readable.map(|(media, schema)| (media.as_str(), schema))
}
