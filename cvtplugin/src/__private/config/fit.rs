//! What a default is.

/// The default of a field of type `T`: one of its values, or the text of one.
pub fn fit<T, D: Fits<T, M>, M>(default: D) -> D::Shown {
    default.shown()
}

/// What may be the default of a field of type `T`. `M` says why, and is inferred.
#[diagnostic::on_unimplemented(
    message = "invalid default: expected a `{T}`",
    label = "expected a `{T}`, not a value of type `{Self}`",
    note = "a default in quotes is read as if CVT had sent it: `default = \"..\"`"
)]
pub trait Fits<T, M> {
    /// What is shown to operators.
    type Shown;
    fn shown(self) -> Self::Shown;
}

pub struct ViaValue;

#[diagnostic::do_not_recommend]
impl<T> Fits<T, ViaValue> for T {
    type Shown = T;

    fn shown(self) -> T {
        self
    }
}

pub struct ViaText;

/// A text in a constant is read like one in quotes.
#[diagnostic::do_not_recommend]
impl<T> Fits<T, ViaText> for &'static str {
    type Shown = &'static str;

    fn shown(self) -> &'static str {
        self
    }
}
