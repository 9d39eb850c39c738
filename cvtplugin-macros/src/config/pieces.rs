//! What stands in the parentheses of `#[config(..)]`, before anybody looks at it.

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::{Attribute, Meta};

use crate::errors::Errors;

/// `key`, `key = value`, or some other thing with a key.
pub(crate) struct Piece {
    pub(crate) key: Ident,
    pub(crate) value: Value,
    pub(crate) tokens: TokenStream,
}

pub(crate) enum Value {
    None,
    /// `key = ..`
    Assigned(TokenStream),
    /// Not of the form.
    Strange,
}

/// The pieces of all `#[config(..)]` among `attributes`.
pub(crate) fn pieces(attributes: &[Attribute], errors: &mut Errors) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for attribute in attributes {
        if !attribute.path().is_ident("config") {
            continue;
        }
        let Meta::List(list) = &attribute.meta else {
            let message = "write what it is about in parentheses, as in \
                           `#[config(default = 10)]`, or leave the attribute out";
            errors.over(attribute, message);
            continue;
        };
        for tokens in split_at_commas(list.tokens.clone()) {
            match piece(tokens) {
                Ok(piece) if pieces.iter().any(|it| it.key == piece.key) => {
                    let message = format!("`{}` is given twice: keep one of them", piece.key);
                    errors.over(&piece.key, message);
                }
                Ok(piece) => pieces.push(piece),
                Err(error) => errors.push(error),
            }
        }
    }
    pieces
}

fn piece(tokens: TokenStream) -> syn::Result<Piece> {
    let mut rest = tokens.clone().into_iter();
    let Some(TokenTree::Ident(key)) = rest.next() else {
        let message = "expected an argument such as `default = 10`";
        return Err(syn::Error::new_spanned(tokens, message));
    };
    let value = match rest.next() {
        None => Value::None,
        Some(TokenTree::Punct(punct)) if punct.as_char() == '=' => Value::Assigned(rest.collect()),
        Some(_) => Value::Strange,
    };
    let key = key.unraw();
    Ok(Piece { key, value, tokens })
}

/// What is between commas, without empty pieces. One bad piece does not spoil the others.
fn split_at_commas(tokens: TokenStream) -> Vec<TokenStream> {
    let tokens: Vec<_> = tokens.into_iter().collect();
    tokens
        .split(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ','))
        .filter(|piece| !piece.is_empty())
        .map(|piece| piece.iter().cloned().collect())
        .collect()
}
