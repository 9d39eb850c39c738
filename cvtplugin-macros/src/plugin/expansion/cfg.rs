//! What comes under the `#[cfg]`s of the author's methods.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Meta};

use crate::plugin::model::Handler;

/// The `#[cfg]` under which none of the handlers is there: empty if there are no handlers,
/// `None` if one is there always.
pub(super) fn absent(handlers: &[&Handler<'_>]) -> Option<TokenStream> {
    if handlers.is_empty() {
        return Some(TokenStream::new());
    }
    if handlers
        .iter()
        .any(|handler| handler.method.cfgs.is_empty())
    {
        return None;
    }
    let present = handlers.iter().map(|handler| {
        let conditions = handler.method.cfgs.iter().filter_map(condition);
        quote!(all(#(#conditions),*))
    });
    Some(quote!(#[cfg(not(any(#(#present),*)))]))
}

/// What stands in the parentheses of a `#[cfg(..)]`.
fn condition(cfg: &Attribute) -> Option<&TokenStream> {
    match &cfg.meta {
        Meta::List(list) => Some(&list.tokens),
        _ => None,
    }
}
