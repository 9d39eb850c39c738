//! A config as its author wrote it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt as _;
use syn::{Data, DeriveInput, Expr, Fields, Generics, Type};

use super::attributes::{FieldAttributes, StructAttributes};
use super::literal::Literal;
use super::{docs, types};
use crate::errors::Errors;

pub(crate) struct Model<'a> {
    pub(crate) name: &'a Ident,
    pub(crate) generics: &'a Generics,
    /// The path of cvtplugin.
    pub(crate) krate: TokenStream,
    pub(crate) fields: Vec<Field<'a>>,
}

pub(crate) struct Field<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) ty: &'a Type,
    /// The key, and where it is said.
    pub(crate) key: String,
    pub(crate) key_span: Span,
    pub(crate) description: String,
    pub(crate) example: Option<Literal>,
    pub(crate) default: Option<DefaultValue>,
    /// Where it is marked as a secret.
    pub(crate) secret: Option<Span>,
    /// The function that reads it.
    pub(crate) parse_with: Option<Expr>,
    /// Whether nothing is wrong with its attributes.
    pub(crate) is_sound: bool,
}

/// What a field is when its key is not set.
pub(crate) enum DefaultValue {
    /// In quotes, or else typed.
    Literal(Literal),
    Expression(Box<Expr>),
}

impl<'a> Model<'a> {
    pub(crate) fn of(input: &'a DeriveInput, errors: &mut Errors) -> Self {
        let attributes = StructAttributes::parse(&input.attrs, errors);
        let named = match &input.data {
            Data::Struct(data) => match &data.fields {
                Fields::Named(fields) => Some(&fields.named),
                _ => None,
            },
            _ => None,
        };
        if named.is_none() {
            super::checks::report_not_a_struct(input, errors);
        }
        let fields = named.into_iter().flatten();
        Self {
            name: &input.ident,
            generics: &input.generics,
            krate: attributes.krate.unwrap_or_else(|| quote!(::cvtplugin)),
            fields: fields
                .filter_map(|field| Field::of(field, errors))
                .collect(),
        }
    }
}

impl<'a> Field<'a> {
    fn of(field: &'a syn::Field, errors: &mut Errors) -> Option<Self> {
        let ident = field.ident.as_ref()?;
        let errors_before = errors.count();
        let attributes = FieldAttributes::parse(&field.attrs, errors);
        let (key, key_span) = match attributes.rename {
            Some(rename) => (rename.value(), rename.span()),
            None => (ident.unraw().to_string(), ident.span()),
        };
        Some(Self {
            ident,
            ty: &field.ty,
            key,
            key_span,
            description: docs::description(&field.attrs),
            example: attributes.example,
            default: attributes.default,
            secret: attributes.secret,
            parse_with: attributes.parse_with,
            is_sound: errors.count() == errors_before,
        })
    }

    /// The type within the `Option`, if there is one.
    pub(crate) fn inner_type(&self) -> &'a Type {
        types::within(self.ty, "Option").unwrap_or(self.ty)
    }
}

impl DefaultValue {
    pub(crate) fn expr(&self) -> &Expr {
        match self {
            Self::Literal(literal) => &literal.expr,
            Self::Expression(expr) => expr,
        }
    }
}
