//! What a key may be called.

use super::model::Model;
use crate::errors::Errors;

/// Reports keys that no config.yaml should have, and two fields with one.
pub(super) fn check(model: &Model<'_>, errors: &mut Errors) {
    for (index, field) in model.fields.iter().enumerate() {
        let mut before = model.fields.iter().take(index);
        if let Some(first) = before.find(|first| first.key == field.key) {
            let message = format!(
                "the field `{}` has the key `{}` already: give this one another",
                first.ident, field.key
            );
            errors.at(field.key_span, message);
        } else if !is_plain(&field.key) {
            let message = "a key is made of the letters a to z, in either case, of digits, `_`, \
                           `-` and `.`, a letter first: give the field another by `rename`";
            errors.at(field.key_span, message);
        }
    }
}

fn is_plain(key: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    key.starts_with(|c: char| c.is_ascii_alphabetic()) && key.chars().all(is_allowed)
}
