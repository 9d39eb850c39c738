//! A plugin serves many calls at once.
//!
//! What keeps a type from being shared is explained by rustc, along the path to the field. A type
//! that cannot even be sent is reported for that alone: rustc prefers a type's own function to a
//! trait's, so [`Shared`] has the trait's, which ask for nothing, unless the type can.

use std::marker::PhantomData;
use std::process::ExitCode;

use crate::Plugin;

/// Fails to compile unless the type can be sent to another thread.
#[rustfmt::skip]
pub const fn send<T>()
where
    T: Send // calls run on several threads. A trait object must say so: `Box<dyn Backend + Send + Sync>`
        + 'static,
{
}

pub struct Shared<T>(PhantomData<T>);

#[rustfmt::skip]
impl<T: Send> Shared<T> {
    /// Fails to compile unless calls on several threads can use the type at once.
    pub const fn sync()
    where
        T: Sync, // calls run at once on several threads. A trait object must say so: `Box<dyn Backend + Send + Sync>`
    {
    }
}

/// What a type that cannot be sent has instead: that has been reported.
pub trait NotSend {
    fn sync() {}
}

impl<T> NotSend for Shared<T> {}

impl<T: SendSync> Shared<T> {
    /// What a generated `main` does.
    pub fn main() -> ExitCode
    where
        T: Plugin,
    {
        crate::serve::<T>()
    }
}

/// What a type that cannot be shared has instead: that has been reported.
pub trait NotShared {
    fn main() -> ExitCode {
        ExitCode::FAILURE
    }
}

impl<T> NotShared for Shared<T> {}

/// What a plugin must be, as one bound.
pub trait SendSync: Send + Sync + 'static {}

impl<P: Send + Sync + 'static> SendSync for P {}
