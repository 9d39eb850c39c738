//! A plugin serves many calls at once.
//!
//! What keeps a type from being shared is explained by rustc, along the path to the field. What
//! cannot even be sent is reported for that alone: rustc prefers a type's own methods to those of what
//! it derefs to, so a [`Shared`] has those of [`Unshared`], which ask for nothing, unless its type can
//! have more.

use std::marker::PhantomData;
use std::ops::Deref;
use std::process::ExitCode;

use crate::Plugin;

/// A type, checked step by step.
pub struct Shared<T>(PhantomData<T>);

/// Fails to compile unless the type can be sent to another thread.
#[rustfmt::skip]
pub const fn send<T>() -> Shared<T>
where
    T: Send // calls run on several threads: an `Arc`, no `Rc`; a trait object as `Box<dyn Backend + Send + Sync>`
        + 'static,
{
    Shared(PhantomData)
}

#[rustfmt::skip]
impl<T: Send> Shared<T> {
    /// Fails to compile unless calls on several threads can use the type at once.
    pub const fn sync(self) -> Self
    where
        T: Sync, // calls run at once on several threads: a `Mutex`, no `RefCell`; a trait object as `Box<dyn Backend + Send + Sync>`
    {
        self
    }
}

impl<T: SendSync> Shared<T> {
    /// What a generated `main` does; the argument is the one that runs.
    #[expect(clippy::unused_self, reason = "its type is what matters")]
    pub fn main<M: MainOfBinary>(self, _of_binary: M) -> ExitCode
    where
        T: Plugin,
    {
        crate::serve::<T>()
    }
}

/// What there is instead for a type that cannot be sent or shared: that has been reported.
#[derive(Clone, Copy)]
pub struct Unshared;

impl<T> Deref for Shared<T> {
    type Target = Unshared;

    fn deref(&self) -> &Unshared {
        &Unshared
    }
}

impl Unshared {
    pub const fn sync(self) -> Self {
        self
    }

    #[expect(clippy::unused_self, reason = "its type is what matters")]
    pub fn main<M>(self, _of_binary: M) -> ExitCode {
        ExitCode::FAILURE
    }
}

/// A `main` that can be one that serves: it says how the plugin ended.
#[diagnostic::on_unimplemented(
    message = "the binary's `main` does not serve this plugin",
    label = "the `main` generated here is not the binary's",
    note = "move the plugin to the root of the binary, into `main.rs`, where its `main` is generated",
    note = "or write `#[cvt_plugin(main = false)]`, and your own \
            `fn main() -> std::process::ExitCode {{ cvtplugin::serve::<..>() }}`"
)]
pub trait MainOfBinary {}

#[diagnostic::do_not_recommend]
impl<F: Fn() -> ExitCode> MainOfBinary for F {}

/// The type of the plugin that an adapter holds.
pub trait Adapter {
    type Plugin;
}

/// What a plugin must be, as one bound.
pub trait SendSync: Send + Sync + 'static {}

impl<P: Send + Sync + 'static> SendSync for P {}
