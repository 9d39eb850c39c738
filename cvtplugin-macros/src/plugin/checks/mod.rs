//! What can be wrong with a plugin, as far as its syntax tells. Types are checked by rustc, at
//! the author's tokens: see the traits in `cvtplugin::__private`.

mod config;
mod header;
mod methods;
mod names;
mod services;
mod surroundings;

use proc_macro2::{TokenStream, TokenTree};

use super::arguments::Arguments;
use super::block::Block;
use super::model::Model;
use crate::errors::Errors;

pub(crate) use header::{check_header, report_not_an_impl};
pub(crate) use surroundings::{check_first, check_surroundings};

/// Reports what is wrong, and marks the handlers that cannot be called.
pub(crate) fn check(
    model: &mut Model<'_>,
    block: &Block,
    arguments: &Arguments,
    errors: &mut Errors,
) {
    let before = errors.count();
    // What is missing here may be there.
    let is_whole = model.elsewhere.is_empty();
    model.new_is_lost |= names::check(&block.methods, errors);
    // What is missing can be told only when it is clear what is there.
    let is_clear = errors.count() == before && !block.has_unknown && is_whole;
    for handler in &mut model.handlers {
        handler.callable = methods::check_signature(handler, errors);
    }
    methods::silence_duplicates(model);
    config::check(model, arguments, errors);
    let opt_outs_are_clear = services::check_opt_outs(model, arguments, errors);
    if is_clear {
        services::check_presence(model, errors);
    }
    if is_clear && opt_outs_are_clear {
        services::check_registry(model, arguments, errors);
    }
}

/// Whether these are the arguments of a method's attribute. That method is in no annotated
/// block, which would have taken the attribute away.
pub(crate) fn is_stray_ignore(arguments: &TokenStream) -> bool {
    let mut tokens = arguments.clone().into_iter();
    let first = tokens.next();
    matches!(first, Some(TokenTree::Ident(ident)) if ident == "ignore") && tokens.next().is_none()
}

pub(crate) fn report_stray_ignore(arguments: &TokenStream, errors: &mut Errors) {
    let message = "`#[cvt_plugin(ignore)]` keeps a method inside a `#[cvt_plugin]` impl block \
                   to the author; there is no such block around this";
    errors.spanning(arguments, message);
}
