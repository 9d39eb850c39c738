//! `#[derive(PluginConfig)]`: struct -> attributes -> model -> checks -> expansion.

mod attributes;
mod builtin;
mod checks;
mod docs;
mod expansion;
mod keys;
mod literal;
mod model;
mod parse;
#[cfg(test)]
mod tests;
mod types;

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use crate::errors::Errors;

/// Expands the derive. Whatever is wrong, the struct gets its impl, so that one mistake does not
/// become many, and those that rustc finds are reported beside ours.
pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(item) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let mut errors = Errors::default();
    let mut model = parse::parse(&input, &mut errors);
    checks::check(&mut model, &mut errors);
    let expansion = expansion::expand(&model, errors.is_empty());
    let errors = errors.into_compile_errors();
    quote!(#errors #expansion)
}
