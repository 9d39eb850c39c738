//! Changes a document in one way, and knows whom that concerns.

mod fields;
mod harmless;
mod operations;

use fastrand::Rng;
use serde_json::Value;

use crate::walk::{Field, Operation, Pointers};

/// A change of a document.
#[derive(Debug)]
pub(crate) struct Mutation {
    pub(crate) name: &'static str,
    /// Schemas that changed for the worse, for those who read them.
    pub(crate) read: Pointers,
    /// Schemas that changed for the worse, for those who send them.
    pub(crate) sent: Pointers,
    /// An operation that changed for the worse, whatever is read.
    pub(crate) operation: Option<String>,
}

impl Mutation {
    fn of_schema(name: &'static str, pointer: impl Into<String>) -> Self {
        Self {
            read: Pointers::from([pointer.into()]),
            ..Self::harmless(name)
        }
    }

    fn of_operation(name: &'static str, operation: &Operation) -> Self {
        Self {
            operation: Some(operation.pointer.clone()),
            ..Self::harmless(name)
        }
    }

    fn harmless(name: &'static str) -> Self {
        Self {
            name,
            read: Pointers::new(),
            sent: Pointers::new(),
            operation: None,
        }
    }
}

pub(crate) type Mutator = fn(&mut Value, &Operation, Option<&Field>, &mut Rng) -> Option<Mutation>;

pub(crate) const MUTATORS: [Mutator; 20] = [
    fields::remove_property,
    fields::retype,
    fields::make_optional,
    fields::make_nullable,
    fields::widen_enum,
    fields::replace_by_object,
    fields::widen_enum,
    fields::make_optional,
    operations::remove_operation,
    operations::remove_response,
    operations::require_new_parameter,
    operations::require_new_property,
    operations::remove_parameter,
    operations::require_parameter,
    harmless::add_property,
    harmless::add_operation,
    operations::add_optional_parameter,
    harmless::describe,
    harmless::rename_schema,
    harmless::inline_reference,
];

/// Applies the mutator of this number, if it fits what a consumer uses.
pub(crate) fn mutate(
    number: usize,
    document: &mut Value,
    operation: &Operation,
    field: Option<&Field>,
    rng: &mut Rng,
) -> Option<Mutation> {
    MUTATORS[number % MUTATORS.len()](document, operation, field, rng)
}

fn at<'v>(document: &'v mut Value, pointer: &str) -> &'v mut Value {
    document
        .pointer_mut(pointer)
        .expect("the pointer is of this document")
}
