//! The plugin's name: as written, or that of the binary or crate, and always one that CVT takes.

use std::env;

use cvtplugin_names::{InvalidName, without_prefix};
use proc_macro2::Span;

use super::arguments::Arguments;
use crate::errors::Errors;

/// The plugin's name. A wrong one is reported and used all the same.
pub(crate) fn resolve(arguments: &Arguments, errors: &mut Errors) -> String {
    if let Some(literal) = &arguments.name {
        let name = literal.value();
        if let Err(invalid) = cvtplugin_names::check_own(&name) {
            let message = format!(
                "invalid plugin name {name:?}: expected {}{}",
                invalid.expected(),
                suggestion(&invalid)
            );
            errors.spanning(literal, message);
        }
        return name;
    }
    let name = default_name();
    // What was meant for a name may have been reported already.
    if let Err(invalid) = cvtplugin_names::check_own(&name)
        && arguments.are_valid
    {
        let message = format!(
            "the plugin would be named `{name}` after its binary or crate, but a name is {}: \
             add a `name`{}",
            invalid.expected(),
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
