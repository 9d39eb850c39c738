//! What a constructor returns.

use super::response::AlwaysHolds;
use crate::{Error, Result};

/// The plugin, from what its `new` returned.
pub fn into_plugin<P, T: IntoPlugin<P, Error: AlwaysHolds>>(returned: T) -> Result<P, T::Error> {
    returned.into_plugin()
}

/// The plugin, without a `new`.
pub fn default<P: HasDefault>() -> Result<P> {
    Ok(P::make())
}

#[diagnostic::on_unimplemented(
    message = "`new` must return `Self` or `Result<Self>`, not `{Self}`",
    label = "expected `Self` or `Result<Self>`",
    note = "if it is a constructor of your own, mark it `#[cvt_plugin(ignore)]`"
)]
pub trait IntoPlugin<P> {
    type Error;
    fn into_plugin(self) -> Result<P, Self::Error>;
}

#[diagnostic::do_not_recommend]
impl<P, T: PluginOr<P>> IntoPlugin<P> for T {
    type Error = T::Error;

    fn into_plugin(self) -> Result<P, T::Error> {
        self.into_result()
    }
}

/// A `P` or a `Result<P, _>`, whatever its error.
pub trait PluginOr<P> {
    type Error;
    fn into_result(self) -> Result<P, Self::Error>;
}

impl<P> PluginOr<P> for P {
    type Error = Error;

    fn into_result(self) -> Result<P> {
        Ok(self)
    }
}

impl<P, E> PluginOr<P> for Result<P, E> {
    type Error = E;

    fn into_result(self) -> Self {
        self
    }
}

#[diagnostic::on_unimplemented(
    message = "nothing says how to make a `{Self}`",
    label = "neither `new` in this impl block nor `Default`",
    note = "write `async fn new() -> Result<Self>` in this impl block, or derive `Default`"
)]
pub trait HasDefault: Sized {
    fn make() -> Self;
}

#[diagnostic::do_not_recommend]
impl<P: Default> HasDefault for P {
    fn make() -> Self {
        P::default()
    }
}
