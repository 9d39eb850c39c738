//! A plugin serves many calls at once.
//!
//! What keeps a type from being shared is explained by rustc, along the path to the field. What
//! cannot even be sent is reported for that alone: rustc prefers a type's own methods to a trait's,
//! so a [`Shared`] has those of [`Unshared`], which ask for nothing, unless its type can have more.

use std::marker::PhantomData;
use std::process::ExitCode;

use crate::Plugin;

/// A type, checked step by step.
pub struct Shared<T>(PhantomData<T>);

/// Fails to compile unless the type can be sent to another thread.
#[rustfmt::skip]
pub const fn send<T>() -> Shared<T>
where
    T: Send // calls run on several threads. A trait object must say so: `Box<dyn Backend + Send + Sync>`
        + 'static,
{
    Shared(PhantomData)
}

#[rustfmt::skip]
impl<T: Send> Shared<T> {
    /// Fails to compile unless calls on several threads can use the type at once.
    #[must_use]
    pub const fn sync(self) -> Self
    where
        T: Sync, // calls run at once on several threads. A trait object must say so: `Box<dyn Backend + Send + Sync>`
    {
        self
    }
}

impl<T: SendSync> Shared<T> {
    /// What a generated `main` does.
    pub fn main(self) -> ExitCode
    where
        T: Plugin,
    {
        crate::serve::<T>()
    }
}

/// What there is instead for a type that cannot be sent or shared: that has been reported.
pub trait Unshared: Sized {
    #[must_use]
    fn sync(self) -> Self {
        self
    }

    fn main(self) -> ExitCode {
        ExitCode::FAILURE
    }
}

impl<T> Unshared for Shared<T> {}

/// What a plugin must be, as one bound.
pub trait SendSync: Send + Sync + 'static {}

impl<P: Send + Sync + 'static> SendSync for P {}
