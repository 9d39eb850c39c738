//! What the reference of the single items does not say.

#[doc = include_str!("config.md")]
pub mod config {}

#[doc = include_str!("from_go.md")]
pub mod from_go {}

#[doc = include_str!("secrets.md")]
pub mod secrets {}

#[cfg(feature = "testing")]
#[doc = include_str!("testing.md")]
pub mod testing {}
