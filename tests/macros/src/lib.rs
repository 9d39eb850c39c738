//! Plugins of every shape, as authors may write them. That they compile is most of the proof;
//! the tests look at what was made of them.

// The handlers here do nothing with what they are given.
#![allow(
    clippy::needless_pass_by_value,
    clippy::unnecessary_wraps,
    clippy::unused_async,
    clippy::unused_self
)]

pub mod acknowledgements;
pub mod aliases;
pub mod blocking;
pub mod conditional;
pub mod constructors;
pub mod hooks;
pub mod ignored;
pub mod options;
