//! What a method takes.

use secrecy::SecretString;

/// Passes an argument on to the author's method.
pub fn pass<A, T: Argument<A>>(argument: T) -> A {
    argument.pass()
}

/// As [`pass`], for the value of a config key: rustc knows a `SecretString` by another name.
pub fn pass_secret<A>(value: SecretString) -> A
where
    SecretString: SecretArgument<A>,
{
    value.pass_secret()
}

#[diagnostic::on_unimplemented(
    message = "CVT sends a `{Self}` here, not a `{A}`",
    label = "expected `{Self}`"
)]
pub trait Argument<A> {
    fn pass(self) -> A;
}

#[diagnostic::do_not_recommend]
impl<A> Argument<A> for A {
    fn pass(self) -> A {
        self
    }
}

/// Nothing is ever passed as one of these. But were there a single impl, rustc would take it for
/// granted, and report a wrong type in its own words.
pub struct Never<A>(A);

#[diagnostic::do_not_recommend]
impl<A> Argument<Never<A>> for A {
    fn pass(self) -> Never<A> {
        Never(self)
    }
}

#[diagnostic::on_unimplemented(
    message = "a config value is a `SecretString`, not a `{A}`",
    label = "expected `SecretString`",
    note = "any value may be a secret; `value.expose_secret()` is its text"
)]
pub trait SecretArgument<A> {
    fn pass_secret(self) -> A;
}

#[diagnostic::do_not_recommend]
impl<A, T: Argument<A>> SecretArgument<A> for T {
    fn pass_secret(self) -> A {
        self.pass()
    }
}
