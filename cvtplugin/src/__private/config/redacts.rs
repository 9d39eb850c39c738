//! What may be marked as a secret.

use std::marker::PhantomData;

use secrecy::ExposeSecret;

use super::from_config::{ViaList, ViaOption};

/// Fails to compile unless values of the type hide themselves.
pub const fn redacts<T: Redacts<M>, M>() {}

/// What does not show itself in `Debug`. `M` says why, and is inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not redact itself, so it cannot hold a secret",
    label = "what it holds would be shown, by `Debug` for one",
    note = "use `SecretString`, which is a secret by its type",
    note = "or a type of your own around it, with `ExposeSecret`, whose `Debug` shows nothing of it"
)]
pub trait Redacts<M> {}

pub struct ViaExpose<S: ?Sized>(PhantomData<S>);

/// A wrapper that gives its content away only when asked to.
#[diagnostic::do_not_recommend]
impl<T: ExposeSecret<S>, S: ?Sized> Redacts<ViaExpose<S>> for T {}

#[diagnostic::do_not_recommend]
impl<T: Redacts<M>, M> Redacts<ViaOption<M>> for Option<T> {}

#[diagnostic::do_not_recommend]
impl<T: Redacts<M>, M> Redacts<ViaList<M>> for Vec<T> {}
