//! The expansion as a function from tokens to tokens.

mod half_typed;
mod never_panics;
mod served;
mod snapshots;
mod surroundings;

use proc_macro2::TokenStream;

use super::expand;

/// The formatted expansion of an annotated item.
fn expanded(arguments: &str, item: &str) -> String {
    let file = syn::parse2(expand(tokens(arguments), &tokens(item)));
    prettyplease::unparse(&file.expect("the expansion is valid Rust"))
}

fn tokens(text: &str) -> TokenStream {
    text.parse().expect("the text is made of Rust's tokens")
}
