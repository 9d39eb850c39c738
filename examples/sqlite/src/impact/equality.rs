//! Whether two parts of documents mean the same, references resolved.

use std::collections::{BTreeSet, HashSet};

use serde_json::{Map, Value};

use crate::openapi::Schema;

/// Keywords that change nothing about a value.
const ANNOTATIONS: [&str; 6] = [
    "title",
    "description",
    "example",
    "examples",
    "deprecated",
    "externalDocs",
];

/// Whether two values, each a part of a schema, mean the same.
pub(super) fn same<'d>(
    (old, one): (&Schema<'d>, &'d Value),
    (new, other): (&Schema<'d>, &'d Value),
) -> bool {
    Equality {
        old,
        new,
        assumed: HashSet::new(),
    }
    .same(one, other)
}

struct Equality<'s, 'd> {
    old: &'s Schema<'d>,
    new: &'s Schema<'d>,
    /// Schemas refer to themselves: what is being compared is the same until it is found not to be.
    assumed: HashSet<(usize, usize)>,
}

impl<'d> Equality<'_, 'd> {
    fn same(&mut self, one: &'d Value, other: &'d Value) -> bool {
        match (self.old.resolve(one), self.new.resolve(other)) {
            (Ok(one), Ok(other)) => self.same_resolved(one, other),
            // What cannot be seen may have changed.
            _ => false,
        }
    }

    fn same_resolved(&mut self, one: &'d Value, other: &'d Value) -> bool {
        match (one, other) {
            (Value::Object(one), Value::Object(other)) => {
                let both = (
                    std::ptr::from_ref(one).addr(),
                    std::ptr::from_ref(other).addr(),
                );
                !self.assumed.insert(both) || self.same_objects(one, other)
            }
            (Value::Array(one), Value::Array(other)) => {
                one.len() == other.len()
                    && one
                        .iter()
                        .zip(other)
                        .all(|(one, other)| self.same(one, other))
            }
            _ => one == other,
        }
    }

    fn same_objects(&mut self, one: &'d Map<String, Value>, other: &'d Map<String, Value>) -> bool {
        let keys: BTreeSet<_> = one.keys().chain(other.keys()).collect();
        let mut meaningful = keys.into_iter().filter(|key| {
            // A property may be called like an annotation: its schema is an object.
            let is_object = one.get(*key).is_some_and(Value::is_object);
            is_object || !ANNOTATIONS.contains(&key.as_str()) && !key.starts_with("x-")
        });
        meaningful.all(|key| match (one.get(key), other.get(key)) {
            (Some(one), Some(other)) => self.same(one, other),
            _ => false,
        })
    }
}
