//! What a handler returns.

use crate::{Error, Result, Rpc};

/// The response `R` to a call, from what its handler returned.
pub fn response<R, T: IntoResponse<R, Error: AlwaysHolds>>(returned: T) -> Result<R, T::Error> {
    returned.into_response()
}

/// As [`response`], for an `R` that says no more than "done".
pub fn acknowledge<R, T>(returned: T) -> Result<R, T::Error>
where
    T: IntoAcknowledgement<R, Error: AlwaysHolds>,
{
    returned.into_acknowledgement()
}

/// The result with our error for the author's.
pub fn into_error<R, T: ResultOf<R, Error: IntoError>>(result: T) -> Result<R> {
    result.into_result().map_err(IntoError::into_error)
}

/// What a method returned, which must be exactly an `R`.
pub fn exactly<R, T: ExactType<R, Itself: AlwaysHolds>>(returned: T) -> R {
    returned.into_exact()
}

/// The response to an RPC that the author opted out of.
pub async fn opted_out<R: Send>(rpc: Rpc) -> Result<R> {
    crate::providers::opted_out(rpc).await
}

#[diagnostic::on_unimplemented(
    message = "this method must return `Result<{R}>`, not `{Self}`",
    label = "expected `Result<{R}>`"
)]
pub trait IntoResponse<R> {
    type Error;
    fn into_response(self) -> Result<R, Self::Error>;
}

#[diagnostic::do_not_recommend]
impl<R, T: ResultOf<R>> IntoResponse<R> for T {
    type Error = T::Error;

    fn into_response(self) -> Result<R, T::Error> {
        self.into_result()
    }
}

/// A `Result<R, _>`, whatever its error: that is looked at in turn.
pub trait ResultOf<R> {
    type Error;
    fn into_result(self) -> Result<R, Self::Error>;
}

impl<R, E> ResultOf<R> for Result<R, E> {
    type Error = E;

    fn into_result(self) -> Self {
        self
    }
}

#[diagnostic::on_unimplemented(
    message = "this method must return `Result<()>`, not `{Self}`",
    label = "expected `Result<()>`",
    note = "`Result<{R}>` is also accepted"
)]
pub trait IntoAcknowledgement<R> {
    type Error;
    fn into_acknowledgement(self) -> Result<R, Self::Error>;
}

#[diagnostic::do_not_recommend]
impl<R, T: ResultOfUnitOr<R>> IntoAcknowledgement<R> for T {
    type Error = T::Error;

    fn into_acknowledgement(self) -> Result<R, T::Error> {
        self.into_result()
    }
}

/// A `Result<R, _>` or a `Result<(), _>`.
pub trait ResultOfUnitOr<R> {
    type Error;
    fn into_result(self) -> Result<R, Self::Error>;
}

impl<R, E> ResultOfUnitOr<R> for Result<R, E> {
    type Error = E;

    fn into_result(self) -> Self {
        self
    }
}

impl<R: Acknowledgement, E> ResultOfUnitOr<R> for Result<(), E> {
    type Error = E;

    fn into_result(self) -> Result<R, E> {
        self.map(|()| R::acknowledged())
    }
}

/// A response that says no more than "done": what `Result<()>` stands for.
pub trait Acknowledgement {
    fn acknowledged() -> Self;
}

#[cfg_attr(
    not(feature = "anyhow"),
    diagnostic::on_unimplemented(
        note = "`anyhow::Error` converts with the feature `anyhow` of cvtplugin"
    )
)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not convert into `cvtplugin::Error`",
    label = "this error type",
    note = "return `Result<_>`, and give the error a code in passing, as in \
            `.unavailable(\"the registry\")?`; or `Result<_, BoxError>`, for a bare `?` on any \
            error",
    note = "or, if the type is yours, write `impl From<{Self}> for cvtplugin::Error`"
)]
pub trait IntoError {
    fn into_error(self) -> Error;
}

#[diagnostic::do_not_recommend]
impl<E: Into<Error>> IntoError for E {
    fn into_error(self) -> Error {
        self.into()
    }
}

#[diagnostic::on_unimplemented(
    message = "this method must return `{R}`, not `{Self}`",
    label = "expected `{R}`",
    note = "if it is a method of your own, mark it `#[cvt_plugin(ignore)]`"
)]
pub trait ExactType<R> {
    type Itself: AlwaysHolds;
    fn into_exact(self) -> R;
}

#[diagnostic::do_not_recommend]
impl<R, T: SameType<R>> ExactType<R> for T {
    type Itself = T;

    fn into_exact(self) -> R {
        self.same()
    }
}

pub trait SameType<R> {
    fn same(self) -> R;
}

impl<R> SameType<R> for R {
    fn same(self) -> R {
        self
    }
}

/// That an associated type has this bound makes rustc report the trait of that type over a whole
/// call, whose tokens the macro places, and not at its argument.
pub trait AlwaysHolds {}

impl<T> AlwaysHolds for T {}
