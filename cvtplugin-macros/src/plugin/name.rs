//! The plugin's name: as written, or that of the binary or crate, and always one that CVT takes.

use std::env;

use cvtplugin_names::{InvalidName, without_prefix};
use proc_macro2::Span;
use syn::LitStr;

use crate::errors::Errors;

/// The plugin's name. A wrong one is reported and used all the same.
pub(crate) fn resolve(written: Option<&LitStr>, errors: &mut Errors) -> String {
    if let Some(literal) = written {
        let name = literal.value();
        if let Err(invalid) = cvtplugin_names::check(&name) {
            let message = format!(
                "invalid plugin name {name:?}: expected {}{}",
                InvalidName::EXPECTED,
                suggestion(&invalid)
            );
            errors.over(literal, message);
        }
        return name;
    }
    let name = default_name();
    if let Err(invalid) = cvtplugin_names::check(&name) {
        let message = format!(
            "the plugin would be named `{name}` after its binary or crate, but a name is {}: \
             add a `name`{}",
            InvalidName::EXPECTED,
            suggestion(&invalid)
        );
        errors.at(Span::call_site(), message);
    }
    name
}

/// The binary's name, or in a library the crate's. Cargo rebuilds when either changes, since
/// it is another target then.
fn default_name() -> String {
    let name = env::var("CARGO_BIN_NAME").or_else(|_| env::var("CARGO_PKG_NAME"));
    without_prefix(&name.unwrap_or_default()).to_owned()
}

fn suggestion(invalid: &InvalidName) -> String {
    let like = invalid.suggestion();
    let like = like.as_deref().unwrap_or("rest");
    format!(", as in `name = \"{like}\"`")
}
