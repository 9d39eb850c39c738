//! Formatting generated code.

/// What the generator reports when it fails.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// Formats one generated file.
pub(crate) fn format_tokens(tokens: proc_macro2::TokenStream) -> Result<String, Error> {
    Ok(prettyplease::unparse(&syn::parse2(tokens)?))
}
