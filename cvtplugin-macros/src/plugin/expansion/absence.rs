//! What comes under the `#[cfg]`s of the author's methods.

use proc_macro2::TokenStream;
use quote::ToTokens;

use crate::plugin::block::Method;
use crate::plugin::cfg::Cfg;
use crate::plugin::model::Handler;

/// The `#[cfg]` under which none of the handlers is there: empty if there are no handlers,
/// `None` if one is there always.
pub(super) fn cfg(handlers: &[&Handler<'_>]) -> Option<TokenStream> {
    cfg_of(handlers.iter().map(|handler| handler.method))
}

/// As [`cfg()`], for methods.
pub(super) fn cfg_of<'m>(methods: impl Iterator<Item = &'m Method>) -> Option<TokenStream> {
    let methods: Vec<_> = methods.collect();
    if methods.is_empty() {
        return Some(TokenStream::new());
    }
    if methods.iter().any(|method| method.cfgs.is_empty()) {
        return None;
    }
    let present: Vec<_> = methods
        .iter()
        .map(|method| Cfg::all(&method.cfgs))
        .collect();
    Some(Cfg::none(&present).to_token_stream())
}
