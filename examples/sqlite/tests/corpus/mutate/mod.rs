//! Changes a document in one way, and knows whom that concerns.

mod fields;
mod harmless;
mod mutation;
mod operations;

pub(crate) use mutation::{Mutation, Target};

pub(crate) type Mutator = fn(&mut Target<'_>) -> Option<Mutation>;

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
pub(crate) fn mutate(number: usize, target: &mut Target<'_>) -> Option<Mutation> {
    MUTATORS[number % MUTATORS.len()](target)
}
