//! Compares two schemas: all of them, or along the path of a field.

use std::collections::{HashSet, VecDeque};

use super::itself::{self, Direction};
use super::step::{Step, has_field};
use super::verdict::{Change, Verdict};
use crate::openapi::{Schema, Union, Variant};

/// The changes from `old` to `new` that matter to those who send it, or read it at `path`; all of
/// it if that is empty.
pub(super) fn compare<'d>(
    direction: Direction,
    old: &Schema<'d>,
    new: &Schema<'d>,
    path: &[String],
) -> Vec<Change> {
    let mut comparison = Comparison {
        direction,
        changes: Vec::new(),
        compared: HashSet::new(),
        pending: VecDeque::new(),
        doubt: None,
    };
    comparison.enqueue(old.clone(), new.clone(), String::new(), path);
    while let Some(pending) = comparison.pending.pop_front() {
        comparison.doubt = pending.doubt;
        comparison.compare(&pending.old, &pending.new, &pending.at, pending.rest);
    }
    comparison.changes
}

struct Comparison<'d, 'p> {
    direction: Direction,
    changes: Vec<Change>,
    /// Schemas refer to themselves.
    compared: HashSet<(Vec<usize>, Vec<usize>, usize, bool)>,
    /// What is yet to be compared: documents are deeper than stacks.
    pending: VecDeque<Pending<'d, 'p>>,
    /// Why what is compared at the moment may not matter.
    doubt: Option<&'static str>,
}

/// Two schemas to compare.
struct Pending<'d, 'p> {
    old: Schema<'d>,
    new: Schema<'d>,
    /// Where they are.
    at: String,
    /// Where the field is from there.
    rest: &'p [String],
    doubt: Option<&'static str>,
}

impl<'d, 'p> Comparison<'d, 'p> {
    /// Has two schemas compared, unless they were.
    fn enqueue(&mut self, old: Schema<'d>, new: Schema<'d>, at: String, rest: &'p [String]) {
        let both = (
            old.identity(),
            new.identity(),
            rest.len(),
            self.doubt.is_some(),
        );
        if self.compared.insert(both) {
            let doubt = self.doubt;
            self.pending.push_back(Pending {
                old,
                new,
                at,
                rest,
                doubt,
            });
        }
    }

    fn note(&mut self, verdict: Verdict, evidence: String) {
        let change = Change::new(verdict, evidence);
        self.changes.push(match self.doubt {
            Some(doubt) => change.doubted().within(doubt),
            None => change,
        });
    }

    fn compare(&mut self, old: &Schema<'d>, new: &Schema<'d>, at: &str, rest: &'p [String]) {
        let changes = itself::changes(self.direction, old, new);
        // Below another type there is nothing to compare.
        let is_retyped = changes.iter().any(|it| it.is_retyped);
        for change in changes {
            self.note(change.verdict, format!("{} {}", named(at), change.what));
        }
        if is_retyped {
            return;
        }
        self.compare_unions(old, new, at, rest);
        if rest.is_empty() {
            self.compare_all_below(old, new, at);
        } else if let Some((step, rest)) = Step::along(old, rest) {
            self.compare_below(old, new, at, &step, rest);
        }
    }

    fn compare_all_below(&mut self, old: &Schema<'d>, new: &Schema<'d>, at: &str) {
        for name in old.property_names() {
            self.compare_below(old, new, at, &Step::Property(name.to_owned()), &[]);
        }
        for step in [Step::Items, Step::MapValues] {
            self.compare_below(old, new, at, &step, &[]);
        }
        if self.direction == Direction::Request {
            self.find_new_demands(old, new, at);
        }
    }

    fn compare_below(
        &mut self,
        old: &Schema<'d>,
        new: &Schema<'d>,
        at: &str,
        step: &Step,
        rest: &'p [String],
    ) {
        let Some(old_below) = step.below(old) else {
            return;
        };
        let outside = self.doubt;
        if !self.is_sent(&old_below) {
            if self.direction == Direction::Request {
                return;
            }
            // A consumer that reads it all the same knows better.
            self.doubt = Some("though writeOnly");
        }
        let place = shortened(step.place(at));
        let sent = |it: &Schema<'_>| self.doubt.is_some() || self.is_sent(it);
        match step.below(new).filter(sent) {
            Some(new_below) => {
                if let Step::Property(name) = step {
                    self.compare_presence(old, new, name, &place);
                }
                if !matches!(step, Step::Stop) {
                    self.enqueue(old_below, new_below, place, rest);
                }
            }
            None => self.note_lost(new, step, &place),
        }
        self.doubt = outside;
    }

    /// Whether values of a schema travel this way.
    fn is_sent(&self, schema: &Schema<'_>) -> bool {
        !schema.is(match self.direction {
            Direction::Request => "readOnly",
            Direction::Response => "writeOnly",
        })
    }

    fn compare_presence(&mut self, old: &Schema<'d>, new: &Schema<'d>, name: &str, at: &str) {
        let required = (old.required().contains(name), new.required().contains(name));
        match (self.direction, required) {
            (Direction::Request, (false, true)) => {
                self.note(
                    Verdict::Broken,
                    format!("{} has become required", named(at)),
                );
            }
            (Direction::Response, (true, false)) => {
                let is_open = !new.unions.is_empty() || !new.unresolved.is_empty();
                let verdict = if is_open {
                    Verdict::Possibly
                } else {
                    Verdict::Broken
                };
                self.note(verdict, format!("{} has become optional", named(at)));
            }
            _ => {}
        }
    }

    /// Notes that `new` has nothing at `at`.
    fn note_lost(&mut self, new: &Schema<'d>, step: &Step, at: &str) {
        let may_be_elsewhere = !new.unions.is_empty() || !new.unresolved.is_empty();
        let accepted = self.direction == Direction::Request && !new.is_closed();
        match step {
            Step::Property(_) if may_be_elsewhere => {
                self.note(
                    Verdict::Possibly,
                    format!("{} removed, unless a variant has it", named(at)),
                );
            }
            Step::Property(_) if accepted => {
                self.note(
                    Verdict::Possibly,
                    format!("{} removed: it may be ignored", named(at)),
                );
            }
            Step::MapValues if new.is_closed() => {
                self.note(Verdict::Broken, format!("{} removed", named(at)));
            }
            Step::Property(_) => self.note(Verdict::Broken, format!("{} removed", named(at))),
            Step::Items | Step::MapValues | Step::Stop => {
                self.note(
                    Verdict::Possibly,
                    format!("{} is no longer described", named(at)),
                );
            }
        }
    }

    /// Notes what a request has to have that it did not.
    fn find_new_demands(&mut self, old: &Schema<'d>, new: &Schema<'d>, at: &str) {
        let (known, demanded) = (old.property_names(), old.required());
        for name in new.required() {
            let sent = new.property(name).is_none_or(|it| self.is_sent(&it));
            if sent && !known.contains(name) && !demanded.contains(name) {
                let place = Step::Property(name.to_owned()).place(at);
                self.note(
                    Verdict::Broken,
                    format!("{} added, and required", named(&place)),
                );
            }
        }
        if new.is_closed() && !old.is_closed() {
            let what = format!("{} no longer accepts other properties", named(at));
            self.note(Verdict::Possibly, what);
        }
    }

    fn compare_unions(&mut self, old: &Schema<'d>, new: &Schema<'d>, at: &str, rest: &'p [String]) {
        if old.unions.len() != new.unions.len() {
            let mut keywords = old
                .unions
                .iter()
                .chain(&new.unions)
                .map(|union| union.keyword);
            let keyword = keywords.next().unwrap_or_default();
            self.note(
                Verdict::Possibly,
                format!("`{keyword}` of {} changed", named(at)),
            );
        }
        for (one, other) in old.unions.iter().zip(&new.unions) {
            self.compare_union((old, one), (new, other), at, rest);
        }
    }

    fn compare_union(
        &mut self,
        (old, old_union): (&Schema<'d>, &Union<'d>),
        (new, new_union): (&Schema<'d>, &Union<'d>),
        at: &str,
        rest: &'p [String],
    ) {
        let (before, after) = (old.variants(old_union), new.variants(new_union));
        if (old_union.keyword, before.len()) != (new_union.keyword, after.len()) {
            let what = format!(
                "{} was `{}` of {}, is `{}` of {}",
                named(at),
                old_union.keyword,
                before.len(),
                new_union.keyword,
                after.len()
            );
            self.note(Verdict::Possibly, what);
        }
        // A value may be of another variant.
        let outside = self.doubt.replace("in one of several variants");
        for (index, variant) in before.iter().enumerate() {
            let counterpart = counterpart(variant, index, &after);
            if let Some(counterpart) = counterpart.filter(|_| has_field(&variant.schema, rest)) {
                let (old, new) = (variant.schema.clone(), counterpart.schema.clone());
                self.enqueue(old, new, at.to_owned(), rest);
            }
        }
        self.doubt = outside;
    }
}

/// What a variant has become: the one of the same name, or else in the same place.
fn counterpart<'v, 'd>(
    variant: &Variant<'d>,
    index: usize,
    among: &'v [Variant<'d>],
) -> Option<&'v Variant<'d>> {
    let same_name = |it: &&Variant<'_>| it.name.is_some() && it.name == variant.name;
    among.iter().find(same_name).or_else(|| among.get(index))
}

/// How a place is called in a sentence.
fn named(at: &str) -> String {
    if at.is_empty() {
        "it".to_owned()
    } else {
        format!("`{at}`")
    }
}

/// The two ends of a place that is deeper than anybody reads.
fn shortened(at: String) -> String {
    const MAX: usize = 320;
    const SHOWN: usize = 80;
    let middle = at.len().saturating_sub(SHOWN);
    match (at.split_at_checked(SHOWN), at.split_at_checked(middle)) {
        (Some((start, _)), Some((_, end))) if at.len() > MAX => format!("{start} .. {end}"),
        _ => at,
    }
}
