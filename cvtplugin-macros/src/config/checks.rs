//! What can be wrong with a config, as far as its tokens tell. The types are checked by rustc, at
//! the author's tokens: see `cvtplugin::__private::config`.

use syn::spanned::Spanned as _;
use syn::{Data, DeriveInput, Fields, GenericParam};

use super::literal::Literal;
use super::model::{DefaultValue, Field, Model};
use super::types;
use crate::errors::Errors;

pub(crate) fn check(model: &Model<'_>, errors: &mut Errors) {
    check_generics(model, errors);
    check_keys(model, errors);
    for field in &model.fields {
        check_default(field, errors);
        check_type(field, errors);
        let default = match &field.default {
            Some(DefaultValue::Literal(literal)) => Some(literal),
            _ => None,
        };
        for literal in default.into_iter().chain(&field.example) {
            check_literal(field, literal, errors);
        }
    }
}

pub(crate) fn report_not_a_struct(input: &DeriveInput, errors: &mut Errors) {
    const FIX: &str = "a config is a struct with named fields, one for each key";
    match &input.data {
        Data::Enum(data) => errors.over(
            data.enum_token,
            format!("{FIX}; an enum can be the type of one of them, if it has `FromStr`"),
        ),
        Data::Union(data) => errors.over(data.union_token, FIX),
        Data::Struct(data) => match &data.fields {
            Fields::Unit => errors.over(
                &input.ident,
                format!("{FIX}; for none, write `struct {} {{}}`", input.ident),
            ),
            fields => errors.over(
                fields,
                format!(
                    "{FIX}, as in `struct {} {{ timeout_seconds: u64 }}`",
                    input.ident
                ),
            ),
        },
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
        errors.over(parameter, message);
    }
}

/// No two fields may have one key.
fn check_keys(model: &Model<'_>, errors: &mut Errors) {
    for (index, field) in model.fields.iter().enumerate() {
        let mut before = model.fields.iter().take(index);
        if let Some(first) = before.find(|first| first.key == field.key) {
            let message = format!(
                "the field `{}` has the key `{}` already: give this one another",
                first.ident, field.key
            );
            errors.at(field.key_span, message);
        }
    }
}

fn check_default(field: &Field<'_>, errors: &mut Errors) {
    let Some(default) = &field.default else {
        return;
    };
    if types::within(field.ty, "Option").is_some() {
        let inner = types::spelled(field.inner_type());
        let message = format!(
            "with a default the field is never `None`: make it a `{inner}`, or leave the default \
             out"
        );
        errors.at(default.expr().span(), message);
    }
}

fn check_type(field: &Field<'_>, errors: &mut Errors) {
    if types::is_borrowed(field.ty) {
        let message = "a config owns its values: use `String` instead of `&str`";
        errors.over(types::innermost(field.ty), message);
    }
}

/// Reports what cannot be read as its type says.
fn check_literal(field: &Field<'_>, literal: &Literal, errors: &mut Errors) {
    if field.parse_with.is_none()
        && let Some(misfit) = literal.misfit(field.ty)
    {
        errors.over(&literal.expr, misfit);
    }
}
