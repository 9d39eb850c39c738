//! Is the attribute on an impl block that can be a plugin?

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{GenericParam, ItemImpl};

use crate::errors::Errors;

const BORROWS: &str = "a plugin borrows from nobody: it must own what it holds";

/// Whether the block can be a plugin's.
pub(crate) fn check_header(header: &ItemImpl, errors: &mut Errors) -> bool {
    if let Some((path, _)) = &header.trait_ {
        let message = "`#[cvt_plugin]` belongs on an inherent impl block, `impl Name { .. }`, not \
                       on the impl of a trait: CVT's methods are recognised by their names";
        errors.spanning(path, message);
        return false;
    }
    let params = &header.generics.params;
    let lifetime = params
        .iter()
        .find(|it| matches!(it, GenericParam::Lifetime(_)));
    if let Some(lifetime) = lifetime {
        errors.spanning(lifetime, BORROWS);
        return false;
    }
    if !params.is_empty() {
        let message = "a plugin is one concrete type: CVT starts it by itself and could not \
                       choose parameters. Write them out, as in `impl Rest<HttpClient> { .. }`, \
                       or leave them to the fields";
        errors.spanning(params, message);
        return false;
    }
    if let Some(lifetime) = anonymous_lifetime(header.self_ty.to_token_stream()) {
        errors.at(lifetime, BORROWS);
        return false;
    }
    true
}

/// Where the type borrows by `'_`. In what a function takes and returns, nothing is borrowed yet.
fn anonymous_lifetime(tokens: TokenStream) -> Option<Span> {
    let (mut after_quote, mut after_dash) = (None, false);
    for token in tokens {
        let found = match &token {
            TokenTree::Ident(ident) if ident == "_" => after_quote,
            TokenTree::Group(group) if group.delimiter() != Delimiter::Parenthesis => {
                anonymous_lifetime(group.stream())
            }
            TokenTree::Punct(punct) if punct.as_char() == '>' && after_dash => return None,
            _ => None,
        };
        if found.is_some() {
            return found;
        }
        let punct = match &token {
            TokenTree::Punct(punct) => punct.as_char(),
            _ => ' ',
        };
        after_quote = (punct == '\'').then(|| token.span());
        after_dash = punct == '-';
    }
    None
}

/// Reports the attribute on something else.
pub(crate) fn report_not_an_impl(item: &TokenStream, errors: &mut Errors) {
    let keyword = item.clone().into_iter().find(is_item_keyword);
    let span = keyword.map_or_else(Span::call_site, |token| token.span());
    let message = "`#[cvt_plugin]` belongs on the impl block with the plugin's methods, \
                   `impl Name { .. }`";
    errors.at(span, message);
}

fn is_item_keyword(token: &TokenTree) -> bool {
    const KEYWORDS: [&str; 11] = [
        "struct", "enum", "union", "fn", "trait", "mod", "const", "static", "type", "use", "impl",
    ];
    matches!(token, TokenTree::Ident(ident) if KEYWORDS.iter().any(|keyword| ident == keyword))
}
