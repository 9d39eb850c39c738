//! Tutorials, for what the reference of single items does not say.

#[doc = include_str!("config.md")]
pub mod config {}

#[doc = include_str!("lifecycle.md")]
pub mod lifecycle {}

#[doc = include_str!("without_macro.md")]
pub mod without_macro {}

#[doc = include_str!("from_go.md")]
pub mod from_go {}

#[doc = include_str!("secrets.md")]
pub mod secrets {}

#[doc = include_str!("operating.md")]
pub mod operating {}

#[doc = include_str!("logging.md")]
pub mod logging {}

#[doc = include_str!("debugging.md")]
pub mod debugging {}

#[cfg(feature = "testing")]
#[doc = include_str!("testing.md")]
pub mod testing {}
