//! `Self` outside of an impl.

use proc_macro2::{Group, TokenStream, TokenTree};

/// The tokens with `ty` in the place of `Self`.
pub(crate) fn named(tokens: TokenStream, ty: &TokenStream) -> TokenStream {
    let named = tokens.into_iter().map(|token| match token {
        TokenTree::Ident(ident) if ident == "Self" => {
            let at = ident.span();
            let located = ty.clone().into_iter().map(|mut token| {
                token.set_span(at);
                token
            });
            located.collect()
        }
        TokenTree::Group(group) => {
            let mut inner = Group::new(group.delimiter(), named(group.stream(), ty));
            inner.set_span(group.span());
            TokenStream::from(TokenTree::Group(inner))
        }
        token => TokenStream::from(token),
    });
    named.collect()
}
