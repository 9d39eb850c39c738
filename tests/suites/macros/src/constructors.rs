//! Every form of `new`.

use cvtplugin::prelude::*;

macro_rules! plugins {
    ($($(#[$doc:meta])* $name:ident $(($($new:tt)*))?;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Default, PartialEq)]
        pub struct $name;

        #[cvt_plugin(name = "constructed", main = false)]
        impl $name {
            $($($new)*)?

            async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
                Ok(())
            }
        }
    )*};
}

plugins! {
    /// Without.
    Defaulted;
    /// Plain.
    Plain(fn new() -> Self { Self });
    /// Plain, and may fail.
    PlainResult(fn new() -> Result<Self> { Ok(Self) });
    /// With the type's own name.
    Named(fn new() -> Result<Named, BoxError> { Ok(Named) });
    /// Asynchronous.
    Async(async fn new() -> Self { Self });
    /// Asynchronous, and may fail.
    AsyncResult(async fn new() -> Result<Self, String> { Err("no".into()) });
    /// With a config, if one of nothing.
    Configured(pub(crate) async fn new(config: ()) -> Result<Self> { let () = config; Ok(Self) });
    /// Plain, with a config.
    PlainConfigured(fn new(config: ()) -> Self { let () = config; Self });
}

macro_rules! plugin_of {
    ($plugin:ty, $response:ty, $body:block) => {
        #[cvt_plugin(name = "fragments", main = false)]
        impl $plugin {
            async fn on_validation_failed(&self, _: ValidationFailedRequest) -> $response $body
        }
    };
}

/// Of fragments that a macro has matched.
#[derive(Debug, Default, PartialEq)]
pub struct Fragments;

plugin_of!(Fragments, Result<()>, { Ok(()) });
