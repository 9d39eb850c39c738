//! A field's docs.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The lines of the doc comments, without the indentation around them; none if there are none.
pub(super) fn description(attributes: &[Attribute]) -> Option<TokenStream> {
    let docs: Vec<_> = attributes.iter().filter_map(doc).collect();
    let texts: Option<Vec<_>> = docs.iter().map(|doc| text(doc)).collect();
    if let Some(texts) = texts {
        let text = trimmed(&texts.join("\n"));
        return (!text.is_empty()).then(|| text.into_token_stream());
    }
    // A macro call, `#[doc = concat!(..)]`, is for rustc to expand.
    let parts = docs.iter().map(|doc| match text(doc) {
        Some(text) => trimmed(&text).into_token_stream(),
        None => doc.into_token_stream(),
    });
    Some(quote!(::core::concat!(#(#parts),*)))
}

fn trimmed(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    lines.join("\n").trim().to_owned()
}

fn doc(attribute: &Attribute) -> Option<&Expr> {
    match &attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => Some(&meta.value),
        _ => None,
    }
}

fn text(doc: &Expr) -> Option<String> {
    match doc {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Some(text.value()),
        _ => None,
    }
}
