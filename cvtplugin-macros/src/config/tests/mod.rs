//! The expansion as a function from tokens to tokens.

mod never_panics;
mod snapshots;

use super::expand;

/// The formatted expansion of a derive.
fn expanded(item: &str) -> String {
    let item = item.parse().expect("the text is made of Rust's tokens");
    let file = syn::parse2(expand(item));
    prettyplease::unparse(&file.expect("the expansion is valid Rust"))
}
