//! What a default is.

/// The default of a field of type `T`.
pub fn fit<T, L: Fits<T>>(default: L) -> T {
    default.into_value()
}

#[diagnostic::on_unimplemented(
    message = "this default is no `{T}`",
    label = "expected a `{T}`, not a value of type `{Self}`",
    note = "a default in quotes is read as if CVT had sent it: `default = \"..\"`"
)]
pub trait Fits<T> {
    fn into_value(self) -> T;
}

#[diagnostic::do_not_recommend]
impl<T> Fits<T> for T {
    fn into_value(self) -> T {
        self
    }
}

/// No field is one of these. But were there a single impl, rustc would take it for granted, and
/// report a wrong type in its own words.
pub struct Never<T>(T);

#[diagnostic::do_not_recommend]
impl<T> Fits<Never<T>> for T {
    fn into_value(self) -> Never<T> {
        Never(self)
    }
}
