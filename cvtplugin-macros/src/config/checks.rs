//! What can be wrong with a config, as far as its tokens tell. The types are checked by rustc, at
//! the author's tokens: see `cvtplugin::__private::config`.

use syn::{GenericParam, Type};

use super::keys;
use super::literal::{DefaultValue, Literal};
use super::model::{Field, Model};
use super::types;
use crate::errors::Errors;

/// Reports what is wrong, and takes out what rustc would complain of as well.
pub(super) fn check(model: &mut Model<'_>, errors: &mut Errors) {
    check_generics(model, errors);
    keys::check(model, errors);
    for field in &mut model.fields {
        check_type(field, errors);
        if let Some(trouble) = trouble_with_default(field) {
            let default = field.default.take();
            errors.spanning(default.as_ref().map(DefaultValue::expr), trouble);
            field.is_valid = false;
        }
        let default = match &field.default {
            Some(DefaultValue::Literal(literal)) => Some(literal),
            _ => None,
        };
        if let Some(default) = default {
            check_literal(field, default, false, errors);
        }
        if let Some(example) = &field.example {
            check_literal(field, example, true, errors);
        }
    }
}

fn check_generics(model: &Model<'_>, errors: &mut Errors) {
    let borrows = model
        .fields
        .iter()
        .any(|field| types::is_borrowed(field.ty));
    for parameter in &model.generics.params {
        let message = match parameter {
            // The field that needs it is reported.
            GenericParam::Lifetime(_) if borrows => continue,
            GenericParam::Lifetime(_) => "a config owns its values, so it has no lifetimes",
            _ => "a config has no generic parameters: CVT must know what its keys are",
        };
        errors.spanning(parameter, message);
    }
}

/// Why the field cannot have its default.
fn trouble_with_default(field: &Field<'_>) -> Option<String> {
    let default = field.default.as_ref()?;
    if types::within(field.ty, "Option").is_some() {
        if default.is_none() {
            return Some(String::from(
                "an `Option` without a value is `None` already: leave the default out",
            ));
        }
        let inner = types::spelled(field.inner_type());
        return Some(format!(
            "with a default the field is never `None`: make it a `{inner}`, or leave the default \
             out"
        ));
    }
    let is_literal = matches!(default, DefaultValue::Literal(_));
    (!is_literal && types::is_secret(field.ty)).then(|| {
        // As rustc says where the type has another name: see `may_have_a_default`.
        String::from(
            "a secret has no default: anybody could read it in the plugin's binary and in the \
             output of `--config`. Make it an `Option` instead, or leave it required",
        )
    })
}

fn check_type(field: &Field<'_>, errors: &mut Errors) {
    let innermost = types::innermost(field.ty);
    if types::is_borrowed(field.ty) {
        let message = "a config owns its values: use `String` instead of `&str`";
        errors.spanning(innermost, message);
    } else if let Some(inner) = nested(innermost) {
        let (outer, inner) = (types::spelled(innermost), types::spelled(inner));
        let message = format!(
            "CVT's values have no levels: within an `Option` or a `Vec`, `{outer}` says no more \
             than `{inner}`"
        );
        errors.spanning(innermost, message);
    }
}

/// The `Option` or `Vec` that a single value would be.
fn nested(value: &Type) -> Option<&Type> {
    types::within(value, "Option").or_else(|| types::within(value, "Vec"))
}

/// Reports what cannot be read as its type says.
fn check_literal(field: &Field<'_>, literal: &Literal, shown: bool, errors: &mut Errors) {
    if field.parse_with.is_none()
        && let Some(trouble) = literal.trouble_with(field.ty, shown)
    {
        errors.spanning(&literal.expr, trouble);
    }
}
