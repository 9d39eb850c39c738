//! The struct and its attributes, read into a model.

use proc_macro2::Ident;
use syn::ext::IdentExt as _;
use syn::{Attribute, Data, DeriveInput, Fields};

use super::attributes::{FieldAttributes, StructAttributes};
use super::docs;
use super::model::{Field, Model};
use crate::errors::Errors;
use crate::krate;

/// The model; what is wrong has been reported and left out.
pub(super) fn parse<'a>(input: &'a DeriveInput, errors: &mut Errors) -> Model<'a> {
    let attributes = StructAttributes::parse(&input.attrs, errors);
    let named = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => Some(&fields.named),
            _ => None,
        },
        _ => None,
    };
    if named.is_none() {
        report_not_a_struct(input, errors);
    }
    let arguments_are_misplaced = attributes.are_of_fields;
    let fields = named.into_iter().flatten();
    let attributes_of_fields = fields.clone().map(|field| &field.attrs);
    let mut all = attributes_of_fields.chain([&input.attrs]).flatten();
    Model {
        name: &input.ident,
        generics: &input.generics,
        krate: attributes.krate.unwrap_or_else(krate::path),
        deprecated: all.any(is_deprecated),
        fields: fields
            .filter_map(|field| {
                let mut field = parse_field(field, &input.ident, errors)?;
                field.is_valid &= !arguments_are_misplaced;
                Some(field)
            })
            .collect(),
    }
}

fn parse_field<'a>(field: &'a syn::Field, name: &Ident, errors: &mut Errors) -> Option<Field<'a>> {
    let ident = field.ident.as_ref()?;
    let errors_before = errors.count();
    let mut attributes = FieldAttributes::parse(&field.attrs, errors);
    attributes.name_self(name);
    if attributes.is_no_key {
        return None;
    }
    let (key, key_span) = match attributes.rename {
        Some(rename) => (rename.value(), rename.span()),
        None => (ident.unraw().to_string(), ident.span()),
    };
    Some(Field {
        ident,
        ty: &field.ty,
        key,
        key_span,
        description: docs::description(&field.attrs),
        example: attributes.example,
        default: attributes.default,
        secret: attributes.secret,
        parse_with: attributes.parse_with,
        is_valid: errors.count() == errors_before,
    })
}

fn is_deprecated(attribute: &Attribute) -> bool {
    let path = attribute.path();
    // `cfg_attr(.., deprecated)`, and `allow(deprecated)` of the author's.
    let speaks_of_it = || {
        attribute
            .meta
            .require_list()
            .is_ok_and(|list| list.tokens.to_string().contains("deprecated"))
    };
    path.is_ident("deprecated") || !path.is_ident("config") && speaks_of_it()
}

fn report_not_a_struct(input: &DeriveInput, errors: &mut Errors) {
    const FIX: &str = "a config is a struct with named fields, one for each key";
    match &input.data {
        Data::Enum(data) => errors.spanning(
            data.enum_token,
            format!("{FIX}; an enum can be the type of one of them, if it has `FromStr`"),
        ),
        Data::Union(data) => errors.spanning(data.union_token, FIX),
        Data::Struct(data) => match &data.fields {
            Fields::Unit => errors.spanning(
                &input.ident,
                format!("{FIX}; for none, write `struct {} {{}}`", input.ident),
            ),
            fields => errors.spanning(
                fields,
                format!(
                    "{FIX}, as in `struct {} {{ timeout_seconds: u64 }}`",
                    input.ident
                ),
            ),
        },
    }
}
