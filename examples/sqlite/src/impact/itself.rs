//! Compares what two schemas say of a value itself, and not of what is in it.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use serde_json::Value;

use super::equality::same;
use super::verdict::Verdict;
use crate::openapi::Schema;

/// Keywords that are not understood: that they changed is all that can be said.
const OPAQUE: [&str; 19] = [
    "$dynamicRef",
    "additionalItems",
    "contains",
    "contentEncoding",
    "dependentRequired",
    "dependentSchemas",
    "discriminator",
    "else",
    "if",
    "multipleOf",
    "not",
    "pattern",
    "patternProperties",
    "prefixItems",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
    "uniqueItems",
];

/// Limits, and whether each is an upper one.
const LIMITS: [(&str, bool); 8] = [
    ("maxItems", true),
    ("maxLength", true),
    ("maxProperties", true),
    ("maximum", true),
    ("minItems", false),
    ("minLength", false),
    ("minProperties", false),
    ("minimum", false),
];

/// Which way values travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Direction {
    /// To the provider: what it accepted, it has to accept.
    Request,
    /// To the consumer: what it did not have to expect, it must not get.
    Response,
}

/// A change of a value.
pub(super) struct ValueChange {
    pub(super) verdict: Verdict,
    /// What is said of the value, such as `may be null`.
    pub(super) what: String,
    /// Whether it is of another type altogether.
    pub(super) is_retyped: bool,
}

impl ValueChange {
    fn new(verdict: Verdict, what: impl Into<String>) -> Self {
        Self {
            verdict,
            what: what.into(),
            is_retyped: false,
        }
    }

    /// The same, where it is not sure.
    fn doubted(self) -> Self {
        Self {
            verdict: self.verdict.min(Verdict::Possibly),
            is_retyped: false,
            ..self
        }
    }
}

/// The changes from `old` to `new`.
pub(super) fn changes<'d>(
    direction: Direction,
    old: &Schema<'d>,
    new: &Schema<'d>,
) -> Vec<ValueChange> {
    // What is given has to be what is accepted.
    let (given, accepted) = match direction {
        Direction::Request => (old, new),
        Direction::Response => (new, old),
    };
    let unresolved = old.unresolved.union(&new.unresolved);
    let mut changes: Vec<_> = unresolved
        .map(|reference| format!("is in another document, `{reference}`, which is not stored"))
        .map(|what| ValueChange::new(Verdict::Possibly, what))
        .collect();
    let types = compare_types(direction, given, accepted);
    let values = compare_values(direction, given, accepted);
    let limits = LIMITS.iter().filter_map(|(keyword, is_upper)| {
        compare_limit(direction, given, accepted, keyword, *is_upper)
    });
    // What is not said here, variants may say.
    let is_open = !given.unions.is_empty() || !given.unresolved.is_empty();
    let doubted = |change: ValueChange| if is_open { change.doubted() } else { change };
    changes.extend(types.into_iter().chain(values).chain(limits).map(doubted));
    if given.nullable && !accepted.nullable {
        changes.push(ValueChange::new(
            Verdict::Broken,
            match direction {
                Direction::Request => "may no longer be null",
                Direction::Response => "may be null now",
            },
        ));
    }
    if new.never && !old.never {
        changes.push(ValueChange::new(
            Verdict::Broken,
            "may have no value any more",
        ));
    }
    changes.extend(compare_format(given, accepted));
    let opaque = OPAQUE
        .iter()
        .filter(|keyword| !same_keyword(old, new, keyword));
    changes
        .extend(opaque.map(|keyword| {
            ValueChange::new(Verdict::Possibly, format!("has another `{keyword}`"))
        }));
    changes
}

fn compare_types(
    direction: Direction,
    given: &Schema<'_>,
    accepted: &Schema<'_>,
) -> Option<ValueChange> {
    let (given, accepted) = (given.types(), accepted.types());
    if accepted.is_empty() || given.is_empty() && given == accepted {
        return None;
    }
    let is_exact = |name: &&str| accepted.contains(name);
    let fits = |name: &&str| is_exact(name) || *name == "integer" && accepted.contains("number");
    if !given.is_empty() && given.iter().all(fits) {
        // Where a number was, an integer may not be what a program expects.
        let is_narrower = direction == Direction::Response && !given.iter().all(is_exact);
        let what = "is an integer now, was a number";
        return is_narrower.then(|| ValueChange::new(Verdict::Possibly, what));
    }
    let (old, new) = match direction {
        Direction::Request => (given, accepted),
        Direction::Response => (accepted, given),
    };
    Some(ValueChange {
        verdict: Verdict::Broken,
        what: format!("is of type {} now, was {}", listed(&new), listed(&old)),
        is_retyped: old.is_disjoint(&new),
    })
}

fn listed(types: &BTreeSet<&str>) -> String {
    if types.is_empty() {
        return "any".to_owned();
    }
    types.iter().copied().collect::<Vec<_>>().join(" or ")
}

/// Compares which values are allowed, where they are listed.
fn compare_values(
    direction: Direction,
    given: &Schema<'_>,
    accepted: &Schema<'_>,
) -> Option<ValueChange> {
    let accepted = accepted.allowed_values()?;
    let what = match (given.allowed_values(), direction) {
        (None, Direction::Request) => format!("accepts only {} now", quoted(&accepted)),
        (None, Direction::Response) => format!("may be other than {} now", quoted(&accepted)),
        (Some(given), _) => {
            let unexpected = |it: &&Value| !it.is_null() && !accepted.contains(it);
            let unexpected: Vec<_> = given.into_iter().filter(unexpected).collect();
            if unexpected.is_empty() {
                return None;
            }
            match direction {
                Direction::Request => format!("no longer accepts {}", quoted(&unexpected)),
                Direction::Response => format!("may be {} now", quoted(&unexpected)),
            }
        }
    };
    Some(ValueChange::new(Verdict::Broken, what))
}

/// The first few values.
fn quoted(values: &[&Value]) -> String {
    let mut shown: Vec<_> = values.iter().take(3).map(ToString::to_string).collect();
    if values.len() > shown.len() {
        shown.push(format!("{} more", values.len() - shown.len()));
    }
    shown.join(", ")
}

fn compare_limit(
    direction: Direction,
    given: &Schema<'_>,
    accepted: &Schema<'_>,
    keyword: &str,
    is_upper: bool,
) -> Option<ValueChange> {
    let accepted = Limit::of(accepted, keyword, is_upper)?;
    let given = Limit::of(given, keyword, is_upper);
    if given.is_some_and(|given| accepted.tighter(given, is_upper) == given) {
        return None;
    }
    Some(match direction {
        Direction::Request => {
            let what = format!("has a narrower `{keyword}`: {}", accepted.value);
            ValueChange::new(Verdict::Broken, what)
        }
        // A reader that relies on it may break.
        Direction::Response => {
            let what = format!("has a wider `{keyword}`, was {}", accepted.value);
            ValueChange::new(Verdict::Possibly, what)
        }
    })
}

/// How far a value may go.
#[derive(Clone, Copy, PartialEq)]
struct Limit {
    value: f64,
    /// Whether it stops short of the limit itself.
    is_exclusive: bool,
}

impl Limit {
    /// The limit that `keyword` sets, with `exclusiveMaximum` and the like: OpenAPI 3.0 writes
    /// them as flags, 3.1 as limits.
    fn of(schema: &Schema<'_>, keyword: &str, is_upper: bool) -> Option<Self> {
        let exclusive = match keyword {
            "maximum" => "exclusiveMaximum",
            "minimum" => "exclusiveMinimum",
            _ => "",
        };
        let all = |keyword, is_exclusive| {
            let values = schema
                .keyword(keyword)
                .into_iter()
                .filter_map(Value::as_f64);
            values.map(move |value| Self {
                value,
                is_exclusive,
            })
        };
        let limits = all(keyword, schema.is(exclusive)).chain(all(exclusive, true));
        limits.reduce(|one, other| one.tighter(other, is_upper))
    }

    /// The one of two that allows less; `other` if they are the same.
    fn tighter(self, other: Self, is_upper: bool) -> Self {
        let order = self.value.total_cmp(&other.value);
        let order = if is_upper { order } else { order.reverse() };
        let is_tighter = match order {
            Ordering::Less => true,
            Ordering::Equal => self.is_exclusive && !other.is_exclusive,
            Ordering::Greater => false,
        };
        if is_tighter { self } else { other }
    }
}

fn compare_format(given: &Schema<'_>, accepted: &Schema<'_>) -> Option<ValueChange> {
    let formats = |schema: &Schema<'_>| {
        let formats = schema
            .keyword("format")
            .into_iter()
            .filter_map(Value::as_str);
        formats.map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let (given, accepted) = (formats(given), formats(accepted));
    let fits = accepted.is_subset(&given)
        || given.contains("int32") && accepted.contains("int64")
        || given.contains("float") && accepted.contains("double");
    (!fits).then(|| ValueChange::new(Verdict::Possibly, "has another `format`"))
}

fn same_keyword(old: &Schema<'_>, new: &Schema<'_>, keyword: &str) -> bool {
    let (before, after) = (old.keyword(keyword), new.keyword(keyword));
    before.len() == after.len()
        && before
            .iter()
            .zip(&after)
            .all(|(one, other)| same((old, one), (new, other)))
}
