//! Fields that a function of the author's reads.

use std::fmt::Display;

use super::field::{Field, Parse, field};
use crate::config::{ConfigKey, InvalidValue, ValueKind};

/// A field that `parse` reads; `check` is the same, without the result.
pub const fn field_with<T>(
    name: &'static str,
    type_name: &'static str,
    parse: Parse<T>,
    check: Parse<()>,
) -> Field<T> {
    // Only for the parts that all fields have in common.
    let any = field::<String, _>(name, type_name);
    Field {
        key: ConfigKey {
            check,
            kind: ValueKind::Custom,
            ..any.key
        },
        parse,
        unset: None,
    }
}

impl<T> Field<Option<T>> {
    /// Unset, it is `None`.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.unset = Some(|| None);
        self.key.required = false;
        self
    }
}

/// What the author's function makes of a value.
pub fn parse_with<'v, T, E: Display>(
    text: &'v str,
    parse: impl FnOnce(&'v str) -> Result<T, E>,
) -> Result<T, InvalidValue<'v>> {
    // Only the function knows what it expects. Its error may borrow from the text.
    parse(text).map_err(|error| InvalidValue::new(text, "", error.to_string()))
}
