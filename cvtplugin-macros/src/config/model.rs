//! A config as its author wrote it.

use proc_macro2::{Ident, Span, TokenStream};
use syn::{Expr, Generics, Type};

use super::literal::{DefaultValue, Literal};
use super::types;

pub(crate) struct Model<'a> {
    pub(crate) name: &'a Ident,
    pub(crate) generics: &'a Generics,
    /// The path of cvtplugin.
    pub(crate) krate: TokenStream,
    pub(crate) fields: Vec<Field<'a>>,
    /// Whether the struct or a field of it is `deprecated`.
    pub(crate) deprecated: bool,
}

pub(crate) struct Field<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) ty: &'a Type,
    /// The key, and where it is said.
    pub(crate) key: String,
    pub(crate) key_span: Span,
    /// A text, or what makes one.
    pub(crate) description: Option<TokenStream>,
    pub(crate) example: Option<Literal>,
    pub(crate) default: Option<DefaultValue>,
    /// Where it is marked as a secret.
    pub(crate) secret: Option<Span>,
    /// The function that reads it.
    pub(crate) parse_with: Option<Expr>,
    /// Whether nothing is wrong with its attributes.
    pub(crate) is_valid: bool,
}

impl<'a> Field<'a> {
    /// The type within the `Option`, if there is one.
    pub(crate) fn inner_type(&self) -> &'a Type {
        types::within(self.ty, "Option").unwrap_or(self.ty)
    }
}
