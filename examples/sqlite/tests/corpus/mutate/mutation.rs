//! What a mutation says of itself, and where it is made.

use fastrand::Rng;
use serde_json::Value;

use crate::walk::{Field, Operation, Pointers};

/// A document that is to be changed, and what a consumer uses of it.
pub(crate) struct Target<'a> {
    pub(crate) document: &'a mut Value,
    pub(crate) operation: &'a Operation,
    pub(crate) field: Option<&'a Field>,
    pub(crate) rng: &'a mut Rng,
}

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
    pub(super) fn of_schema(name: &'static str, pointer: impl Into<String>) -> Self {
        Self {
            read: Pointers::from([pointer.into()]),
            ..Self::harmless(name)
        }
    }

    pub(super) fn of_operation(name: &'static str, operation: &Operation) -> Self {
        Self {
            operation: Some(operation.pointer.clone()),
            ..Self::harmless(name)
        }
    }

    pub(super) fn harmless(name: &'static str) -> Self {
        Self {
            name,
            read: Pointers::new(),
            sent: Pointers::new(),
            operation: None,
        }
    }
}

/// What is at a pointer, to be changed.
pub(super) fn at<'v>(document: &'v mut Value, pointer: &str) -> &'v mut Value {
    document
        .pointer_mut(pointer)
        .expect("the pointer is of this document")
}
