//! The conditions under which a method is compiled.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Token};

/// What stands in the parentheses of a `#[cfg(..)]`.
#[derive(Clone)]
pub(crate) struct Cfg(TokenStream);

impl Cfg {
    /// The condition that an attribute makes, if it makes one.
    pub(crate) fn of(attribute: &Attribute) -> Option<Self> {
        Self::of_meta(&attribute.meta).map(Self)
    }

    fn of_meta(meta: &Meta) -> Option<TokenStream> {
        let Meta::List(list) = meta else {
            return None;
        };
        if list.path.is_ident("cfg") {
            return Some(list.tokens.clone());
        }
        let (condition, attributes) = conditional(meta)?;
        let conditions: Vec<_> = attributes.iter().filter_map(Self::of_meta).collect();
        (!conditions.is_empty()).then(|| quote!(any(not(#condition), all(#(#conditions),*))))
    }

    /// All of the conditions at once.
    pub(crate) fn all(cfgs: &[Self]) -> Self {
        let conditions = cfgs.iter().map(|Self(condition)| condition);
        Self(quote!(all(#(#conditions),*)))
    }

    /// None of the conditions.
    pub(crate) fn none(cfgs: &[Self]) -> Self {
        let conditions = cfgs.iter().map(|Self(condition)| condition);
        Self(quote!(not(any(#(#conditions),*))))
    }
}

/// As `#[cfg(..)]`.
impl ToTokens for Cfg {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self(condition) = self;
        tokens.extend(quote!(#[cfg(#condition)]));
    }
}

/// The condition and the attributes of a `cfg_attr(condition, attributes)`.
pub(crate) fn conditional(meta: &Meta) -> Option<(TokenStream, Vec<Meta>)> {
    let Meta::List(list) = meta else {
        return None;
    };
    if !list.path.is_ident("cfg_attr") {
        return None;
    }
    let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(it) if it.as_char() == ',');
    let mut tokens = list.tokens.clone().into_iter();
    let condition = tokens
        .by_ref()
        .take_while(|token| !is_comma(token))
        .collect();
    let attributes = Punctuated::<Meta, Token![,]>::parse_terminated.parse2(tokens.collect());
    Some((condition, attributes.ok()?.into_iter().collect()))
}
