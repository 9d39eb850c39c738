//! Whether a type is a secret, whatever it is.
//!
//! rustc prefers an inherent constant to a trait's, so `Exposed::<T>::SECRET` is the former where
//! there is one, and the latter otherwise.

use std::marker::PhantomData;

use secrecy::zeroize::Zeroize;
use secrecy::{ExposeSecret, SecretBox};

pub trait NotSecret {
    const SECRET: bool = false;
}

/// A text that is given away only when asked for, in a type of anybody's.
pub struct Exposed<T>(PhantomData<T>);

impl<T> NotSecret for Exposed<T> {}

impl<T: ExposeSecret<str>> Exposed<T> {
    pub const SECRET: bool = true;
}

/// Anything in a `SecretBox`.
pub struct Boxed<T>(PhantomData<T>);

impl<T> NotSecret for Boxed<T> {}

impl<S: Zeroize + ?Sized> Boxed<SecretBox<S>> {
    pub const SECRET: bool = true;
}
