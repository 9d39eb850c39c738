//! What tests of several crates need.
//!
//! All of it panics when something is not as a test needs it, which fails the test.

#![allow(
    clippy::missing_panics_doc,
    clippy::missing_errors_doc,
    reason = "a test fails by panicking, and its errors are those of the plugin"
)]

pub mod http2;
pub mod plugins;
pub mod process;
pub mod sources;
pub mod terminal;
pub mod wait;
