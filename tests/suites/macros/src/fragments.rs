//! Blocks that a macro by example makes: its fragments arrive in invisible groups.

use cvtplugin::prelude::*;

macro_rules! bodies {
    ($plugin:ident { $($handler:ident: $request:ty => $body:block)* }) => {
        #[cvt_plugin(name = "bodies", main = false)]
        impl $plugin {
            /// A helper, whose body comes before the handlers.
            #[must_use]
            pub fn limit(&self) -> u8 { 3 }

            $(async fn $handler(&self, _: $request) -> Result<()> $body)*
        }
    };
}

/// Handlers with `$body:block`.
#[derive(Default)]
pub struct Bodies;

bodies!(Bodies {
    on_validation_failed: ValidationFailedRequest => { Ok(()) }
    on_breaking_change_detected: BreakingChangeDetectedRequest => { Ok(()) }
});

macro_rules! helper_first {
    ($plugin:ident $body:block) => {
        #[cvt_plugin(name = "helper-first", main = false)]
        impl $plugin {
            /// A helper.
            #[must_use]
            pub fn limit(&self) -> u8 $body

            /// The handler.
            ///
            /// # Errors
            ///
            /// None.
            pub async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
                Ok(())
            }
        }
    };
}

/// The only handler comes after a `$body:block`.
#[derive(Default)]
pub struct HelperFirst;

helper_first!(HelperFirst { 3 });

macro_rules! items {
    ($plugin:ident { $($(#[$attribute:meta])* $visibility:vis fn $name:ident $arguments:tt -> $output:ty $body:block)* }) => {
        items!(@nested $plugin { $($(#[$attribute])* $visibility fn $name $arguments -> $output $body)* });
    };
    (@nested $plugin:ident { $($item:item)* }) => {
        #[cvt_plugin(name = "items", main = false)]
        impl $plugin {
            $($item)*
        }
    };
}

/// Whole methods with `$item:item`, among them fragments of their own.
#[derive(Default)]
pub struct Items;

items!(Items {
    /// A helper.
    #[must_use]
    pub fn limit(&self) -> u8 { 3 }

    #[inline]
    pub(crate) fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> { Ok(()) }

    fn on_breaking_change_detected(&self, _: BreakingChangeDetectedRequest) -> Result<()> { Ok(()) }
});

macro_rules! whole {
    ($block:item) => {
        #[cvt_plugin(name = "whole", main = false)]
        $block
    };
}

/// The whole block is an `$item:item`.
#[derive(Default)]
pub struct Whole;

whole! {
    impl Whole {
        async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
            Ok(())
        }
    }
}
