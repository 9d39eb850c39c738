//! What is wrong with a method, and how that is reported.

use std::fmt::Display;

use quote::ToTokens;
use syn::Type;

use crate::errors::Errors;
use crate::plugin::checks::names::KEEP;
use crate::plugin::model::{Handler, is_spelled};

/// What is wrong with one method.
pub(super) struct Report<'a> {
    pub(super) handler: &'a Handler<'a>,
    pub(super) errors: &'a mut Errors,
}

impl Report<'_> {
    /// Reports at the whole of `tokens`. A hook's name may well be a method of the author's own.
    pub(super) fn spanning(&mut self, tokens: impl ToTokens, message: impl Display) {
        if self.handler.role.is_rpc() {
            self.errors.spanning(tokens, message);
        } else {
            self.errors.spanning(tokens, format!("{message}\n{KEEP}"));
        }
    }
}

/// Whether an argument is the call's `Context`.
pub(super) fn is_context(ty: &Type) -> bool {
    is_spelled(ty, "Context")
}
